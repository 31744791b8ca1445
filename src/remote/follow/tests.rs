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
        task::yield_now().await;
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

#[test]
fn backoff_grows_to_a_limit_and_resets() {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(3));
    let mut waits = |random, count| -> Vec<u128> { (0..count).map(|_| backoff.wait_by(random).as_millis()).collect() };
    assert_eq!(waits(0.5, 5), [1_000, 1_600, 2_560, 3_000, 3_000]);
    assert_eq!(waits(0.0, 1), [2_400]);
    assert_eq!(waits(1.0, 1), [3_600]);
    backoff.reset();
    assert_eq!(backoff.wait_by(0.5), Duration::from_secs(1));
    assert_eq!(Backoff::new(Duration::from_secs(9), Duration::from_secs(2)).wait_by(0.5), Duration::from_secs(2));
}

#[test]
fn backoff_stays_within_its_jitter() {
    let mut seen = Vec::new();
    for _ in 0..1_000 {
        let wait = Backoff::new(Duration::from_secs(1), Duration::from_secs(1)).wait();
        assert!((Duration::from_millis(800)..=Duration::from_millis(1_200)).contains(&wait), "{wait:?}");
        seen.push(wait);
    }
    seen.dedup();
    assert!(seen.len() > 900, "no two followers wait alike");
}
