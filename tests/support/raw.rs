//! HTTP/2 frame by frame ([RFC 9113](https://www.rfc-editor.org/rfc/rfc9113)), for what no client library would do.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;

pub const ACK: u8 = 1;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

const SETTINGS_INITIAL_WINDOW_SIZE: u16 = 4;

/// No test waits longer for anything.
const HANG: Duration = Duration::from_secs(30);

#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    /// The error code of a GOAWAY.
    pub fn goaway_code(&self) -> u32 {
        u32::from_be_bytes(self.payload[4..8].try_into().unwrap())
    }

    /// The last stream that a GOAWAY still answers.
    pub fn goaway_last(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().unwrap())
    }
}

pub struct Raw(pub TcpStream);

impl Raw {
    /// With the preface sent and settings exchanged. `window` is what each stream may send us.
    pub async fn open(address: SocketAddr, window: u32) -> Self {
        let mut raw = Self(TcpStream::connect(address).await.unwrap());
        raw.0.write_all(PREFACE).await.unwrap();
        let mut settings = SETTINGS_INITIAL_WINDOW_SIZE.to_be_bytes().to_vec();
        settings.extend(window.to_be_bytes());
        raw.send(SETTINGS, 0, 0, &settings).await.unwrap();
        while raw.next().await.unwrap().kind != SETTINGS {}
        raw.send(SETTINGS, ACK, 0, &[]).await.unwrap();
        raw
    }

    pub async fn send(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.0.write_all(&frame).await
    }

    /// Begins a call of gRPC.
    pub async fn call(&mut self, stream: u32, path: &str) {
        let fields = [
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "localhost"),
            ("content-type", "application/grpc"),
            ("te", "trailers"),
        ];
        self.send(HEADERS, END_HEADERS, stream, &block(&fields)).await.unwrap();
    }

    /// Sends one message of gRPC, as the last one if `flags` says so.
    pub async fn message(&mut self, flags: u8, stream: u32, message: &[u8]) {
        let mut data = vec![0];
        data.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
        data.extend(message);
        self.send(DATA, flags, stream, &data).await.unwrap();
    }

    /// `None` when the server has closed the connection.
    pub async fn next(&mut self) -> Option<Frame> {
        timeout(HANG, self.read()).await.expect("the server sends a frame, or closes").ok()
    }

    /// The next frame of this kind, where settings and pings are answered meanwhile. `None` when the connection is closed
    /// before.
    pub async fn until(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == PING && frame.flags & ACK == 0 {
                let _ = self.send(PING, ACK, 0, &frame.payload).await;
            }
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }

    async fn read(&mut self) -> io::Result<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, stream @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap();
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await?;
        Ok(Frame { kind, flags, stream: u32::from_be_bytes(stream) & 0x7fff_ffff, payload })
    }
}

/// A header block of literals without indexing, by [RFC 7541, 6.2.2](https://www.rfc-editor.org/rfc/rfc7541#section-6.2.2).
pub fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            // Shorter than 127, so that the length is one byte.
            block.push(u8::try_from(text.len()).unwrap());
            block.extend(text.as_bytes());
        }
    }
    block
}

/// Reads until the peer closes; an error is an end too.
pub async fn until_closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut read = Vec::new();
    let _ = timeout(HANG, stream.read_to_end(&mut read)).await.expect("the server closes");
    read
}
