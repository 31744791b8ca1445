//! Certificates of the server and of its clients, read from files and replaced while the server runs.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

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
    certificate: PemFile,
    key: PemFile,
    client_ca: Option<PemFile>,
    tls: Arc<ServerConfig>,
}

impl Identity {
    pub(crate) fn load(certificate: PathBuf, key: PathBuf, client_ca: Option<PathBuf>) -> Result<Self, Failure> {
        let client_ca = client_ca.map(|path| PemFile::read("tls_client_ca", path)).transpose()?;
        Self::new(PemFile::read("tls_certificate", certificate)?, PemFile::read("tls_key", key)?, client_ca)
    }

    fn new(certificate: PemFile, key: PemFile, client_ca: Option<PemFile>) -> Result<Self, Failure> {
        // Named here and not taken from the process, where another crate may have set another one.
        let provider = Arc::new(ring::default_provider());
        let chain = certificate.certificates()?;
        let private = PrivateKeyDer::from_pem_slice(&key.bytes).map_err(|why| {
            let remedy = "Write the private key in PEM: PKCS #8, PKCS #1 or SEC 1, without a password";
            key.failure(format!("there is no private key: {why}"), remedy)
        })?;
        let builder = ServerConfig::builder_with_provider(provider.clone());
        let builder = builder
            .with_safe_default_protocol_versions()
            .map_err(|why| certificate.failure(why, "This is a defect of errwire; please report it"))?;
        let builder = match &client_ca {
            Some(file) => builder.with_client_cert_verifier(verifier(file, provider)?),
            None => builder.with_no_client_auth(),
        };
        let mut tls = builder.with_single_cert(chain, private).map_err(|why| {
            let remedy = "Give the certificate and the key that belong together, the server's certificate first";
            certificate.failure(why, remedy)
        })?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { certificate, key, client_ca, tls: Arc::new(tls) })
    }

    /// What the files say now; `None` if nothing has changed.
    fn reload(&self) -> Result<Option<Self>, Failure> {
        let Self { certificate, key, client_ca, .. } = self;
        let files = (certificate.again()?, key.again()?, client_ca.as_ref().map(PemFile::again).transpose()?);
        if (&files.0, &files.1, &files.2) == (certificate, key, client_ca) {
            return Ok(None);
        }
        Self::new(files.0, files.1, files.2).map(Some)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificate", &self.certificate.path).finish_non_exhaustive()
    }
}

/// A file that a setting names, and its content. `Debug` is not for keys.
#[derive(Clone, PartialEq, Eq)]
struct PemFile {
    setting: &'static str,
    path: PathBuf,
    bytes: Vec<u8>,
}

impl PemFile {
    fn read(setting: &'static str, path: PathBuf) -> Result<Self, Failure> {
        let mut file = Self { setting, path, bytes: Vec::new() };
        file.bytes = read_file(&file.path, MOST_BYTES).map_err(|why| {
            file.failure(format!("the file cannot be read: {why}"), "Check its name and its permissions")
        })?;
        Ok(file)
    }

    fn again(&self) -> Result<Self, Failure> {
        Self::read(self.setting, self.path.clone())
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, Failure> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&self.bytes).collect();
        match read {
            Ok(certificates) if certificates.is_empty() => Err(self.unusable("there is no certificate")),
            Ok(certificates) => Ok(certificates),
            Err(why) => Err(self.unusable(format!("this is not PEM: {why}"))),
        }
    }

    fn unusable(&self, why: impl fmt::Display) -> Failure {
        self.failure(why, "Write certificates in PEM, each between BEGIN CERTIFICATE and END CERTIFICATE")
    }

    fn failure(&self, why: impl fmt::Display, remedy: &'static str) -> Failure {
        Failure { setting: self.setting, message: format!("{}: {why}", self.path.display()), remedy }
    }
}

fn verifier(file: &PemFile, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ClientCertVerifier>, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in file.certificates()? {
        roots.add(certificate).map_err(|why| file.unusable(why))?;
    }
    WebPkiClientVerifier::builder_with_provider(roots.into(), provider).build().map_err(|why| file.unusable(why))
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
            () = time::sleep(interval.unwrap_or_default()), if interval.is_some() => {}
            changed = requests.changed() => if changed.is_err() { return },
        }
        // Files may be on a slow disk.
        let current = identity.clone();
        let Ok(looked) = task::spawn_blocking(move || current.reload()).await else { continue };
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
