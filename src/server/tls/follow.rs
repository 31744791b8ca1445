//! Certificates that change while the server runs.

use std::{sync::Arc, time::Duration};

use tokio::{sync::watch, task, time};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

use super::{Identity, identity::Failure};

/// The newest good certificates. Connections that there are keep those that they began with.
#[derive(Clone, Debug)]
pub(crate) struct Certificates(watch::Receiver<Arc<ServerConfig>>);

impl Certificates {
    /// With a task that looks at the files, when asked to and after each interval, as long as somebody holds this.
    pub(crate) fn follow(identity: Identity, interval: Option<Duration>, requests: watch::Receiver<()>) -> Self {
        let (sender, receiver) = watch::channel(identity.tls.clone());
        tokio::spawn(follow(identity, interval, requests, sender));
        Self(receiver)
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.0.borrow().clone())
    }
}

async fn follow(
    mut identity: Identity,
    interval: Option<Duration>,
    mut requests: watch::Receiver<()>,
    sender: watch::Sender<Arc<ServerConfig>>,
) {
    // What was found wrong last, so that it is logged once.
    let mut known = None;
    loop {
        tokio::select! {
            () = sender.closed() => return,
            () = wait(interval) => {}
            changed = requests.changed() => if changed.is_err() { return },
        }
        // Files may be on a slow disk.
        let current = identity.clone();
        let Ok(looked) = task::spawn_blocking(move || look(current)).await else { continue };
        match looked {
            Ok(None) => known = None,
            Ok(Some(new)) => {
                known = None;
                sender.send_replace(new.tls.clone());
                identity = new;
                tracing::info!("new certificates are in use");
            }
            Err(why) => {
                let why = why.message().to_owned();
                if known.as_ref() != Some(&why) {
                    tracing::warn!(reason = why, "new certificates cannot be used; the old ones stay");
                    known = Some(why);
                }
            }
        }
    }
}

async fn wait(interval: Option<Duration>) {
    match interval {
        Some(interval) => time::sleep(interval).await,
        None => std::future::pending().await,
    }
}

/// `None` if nothing has changed.
fn look(identity: Identity) -> Result<Option<Identity>, Failure> {
    let contents = identity.files.read()?;
    if contents == identity.contents {
        return Ok(None);
    }
    Identity::new(identity.files, contents).map(Some)
}
