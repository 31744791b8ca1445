//! Certificates of the server and of its clients, read from files and replaced while the server runs.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{sync::watch, task, time};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        RootCertStore, ServerConfig,
        crypto::{CryptoProvider, ring},
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        server::{WebPkiClientVerifier, danger::ClientCertVerifier},
    },
};

use crate::catalog::read_file;

/// No chain of certificates is larger.
const MOST_BYTES: u64 = 1024 * 1024;

/// Certificates that were read from files and fit each other.
#[derive(Clone)]
pub struct Identity {
    files: Files,
    contents: Contents,
    tls: Arc<ServerConfig>,
}

/// Where certificates are.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    client_ca: Option<PathBuf>,
}

/// The bytes of the files. `Debug` is not for keys.
#[derive(Clone, PartialEq, Eq)]
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

impl Files {
    pub(crate) fn new(certificate: PathBuf, key: PathBuf, client_ca: Option<PathBuf>) -> Self {
        Self { certificate, key, client_ca }
    }

    fn read(&self) -> Result<Contents, Failure> {
        let client_ca = self.client_ca.as_deref().map(|path| read("tls_client_ca", path)).transpose()?;
        Ok(Contents {
            certificate: read("tls_certificate", &self.certificate)?,
            key: read("tls_key", &self.key)?,
            client_ca,
        })
    }
}

fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, Failure> {
    read_file(path, MOST_BYTES).map_err(|why| {
        let why = format!("the file cannot be read: {why}");
        Failure::new(setting, path, why, "Check its name and its permissions")
    })
}

impl Identity {
    pub(crate) fn load(files: Files) -> Result<Self, Failure> {
        let contents = files.read()?;
        Self::new(files, contents)
    }

    fn new(files: Files, contents: Contents) -> Result<Self, Failure> {
        // Named here and not taken from the process, where another crate may have set another one.
        let provider = Arc::new(ring::default_provider());
        let chain = certificates("tls_certificate", &files.certificate, &contents.certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|why| {
            let remedy = "Write the private key in PEM: PKCS #8, PKCS #1 or SEC 1, without a password";
            Failure::new("tls_key", &files.key, format!("there is no private key: {why}"), remedy)
        })?;
        let builder = ServerConfig::builder_with_provider(provider.clone());
        let builder = builder.with_safe_default_protocol_versions().map_err(|why| {
            Failure::new("tls_certificate", &files.certificate, why, "This is a defect of errwire; please report it")
        })?;
        let builder = match (&files.client_ca, &contents.client_ca) {
            (Some(path), Some(pem)) => builder.with_client_cert_verifier(verifier(path, pem, provider)?),
            _ => builder.with_no_client_auth(),
        };
        let mut tls = builder.with_single_cert(chain, key).map_err(|why| {
            let remedy = "Give the certificate and the key that belong together, the server's certificate first";
            Failure::new("tls_certificate", &files.certificate, why, remedy)
        })?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { files, contents, tls: Arc::new(tls) })
    }
}

fn verifier(path: &Path, pem: &[u8], provider: Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates("tls_client_ca", path, pem)? {
        roots.add(certificate).map_err(|why| unusable("tls_client_ca", path, why))?;
    }
    WebPkiClientVerifier::builder_with_provider(roots.into(), provider)
        .build()
        .map_err(|why| unusable("tls_client_ca", path, why))
}

fn certificates(setting: &'static str, path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(certificates) if certificates.is_empty() => Err(unusable(setting, path, "there is no certificate")),
        Ok(certificates) => Ok(certificates),
        Err(why) => Err(unusable(setting, path, format!("this is not PEM: {why}"))),
    }
}

fn unusable(setting: &'static str, path: &Path, why: impl fmt::Display) -> Failure {
    Failure::new(setting, path, why, "Write certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE")
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("files", &self.files).finish_non_exhaustive()
    }
}

/// One file, or two that do not belong together.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The setting that names the file.
    pub(crate) setting: &'static str,
    /// A sentence without its full stop.
    pub(crate) message: String,
    /// The same.
    pub(crate) remedy: &'static str,
}

impl Failure {
    fn new(setting: &'static str, path: &Path, why: impl fmt::Display, remedy: &'static str) -> Self {
        Self { setting, message: format!("{}: {why}", path.display()), remedy }
    }
}

/// The newest good certificates. Connections that there are keep those that they began with.
#[derive(Clone, Debug)]
pub(crate) struct Certificates(watch::Receiver<Arc<ServerConfig>>);

impl Certificates {
    /// Starts a task that checks the files on request and after each interval, until this is dropped.
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
                let why = why.message;
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
