//! The sizes of gRPC's messages, without what frames them
//! (<https://github.com/grpc/proposal/blob/master/A66-otel-stats.md>).

/// Adds up the bytes of messages as they pass.
#[derive(Debug, Default)]
pub(super) struct Sizes {
    /// How many bytes of a prefix have passed, and the length that they say so far.
    prefix: (u8, u32),
    /// How many bytes of a message are still to come.
    left: u64,
    total: u64,
}

/// A flag and four bytes of length
/// (<https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>).
const PREFIX: u8 = 5;

impl Sizes {
    pub(super) fn pass(&mut self, mut data: &[u8]) {
        loop {
            let message = data.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.left -= message as u64;
            self.total += message as u64;
            data = &data[message..];
            let Some((byte, rest)) = data.split_first() else { return };
            let (passed, len) = self.prefix;
            // The flag is shifted out by the four bytes behind it.
            let len = len << 8 | u32::from(*byte);
            self.prefix = (passed + 1, len);
            if passed + 1 == PREFIX {
                self.left = len.into();
                self.prefix = (0, 0);
            }
            data = rest;
        }
    }

    pub(super) const fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_messages_however_they_arrive() {
        let stream = b"\0\0\0\0\x02ab\0\0\0\0\0\x01\0\0\x01\0".iter().copied().chain([b'x'; 256]).collect::<Vec<_>>();
        for step in [1, 2, 3, 7, stream.len()] {
            let mut sizes = Sizes::default();
            stream.chunks(step).for_each(|data| sizes.pass(data));
            assert_eq!(sizes.total(), 258, "{step}");
        }
        let mut broken_off = Sizes::default();
        broken_off.pass(b"\0\0\0\0\x09abc");
        assert_eq!(broken_off.total(), 3);
    }
}
