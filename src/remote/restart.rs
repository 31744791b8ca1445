//! Work that goes on after a panic.

use std::{future::poll_fn, pin::Pin, task::Poll};

use crate::{layer::catch_panic, model::Error};

/// What the future gives, or the panic that ended it.
pub(super) async fn catching<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let mut future = Box::pin(future);
    let ended = poll_fn(|cx| match catch_panic(|| Pin::as_mut(&mut future).poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await;
    // What panicked once may panic again when it is dropped.
    let dropped = catch_panic(move || drop(future));
    ended.and_then(|value| dropped.map(|()| value))
}

#[cfg(test)]
mod tests {
    use std::error;

    use super::*;

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on drop");
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_outcome() {
        assert_eq!(catching(async { 7 }).await.ok(), Some(7));
        assert!(catching(async { panic!("while polled") }).await.is_err());
        let both = async {
            let _bomb = Bomb;
            tokio::task::yield_now().await;
            7
        };
        assert!(catching(both).await.is_err());
        let bomb = Bomb;
        let on_drop = catching(poll_fn(move |_| {
            let _ = &bomb;
            Poll::Ready(7)
        }));
        let why = on_drop.await.unwrap_err();
        assert_eq!(error::Error::source(&why).map(ToString::to_string).as_deref(), Some("panicked: on drop"));
    }
}
