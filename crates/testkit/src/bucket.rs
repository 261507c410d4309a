//! A bucket to keep files in: s3s with its file system behind it, on a port of 127.0.0.1, in the clear or over TLS.
//!
//! It is an S3 server by other people: it checks each request's signature (AWS Signature V4) and the hash of its body,
//! and answers with S3's own statuses and XML. It shares no code with the client the product uses.

use std::{
    fs,
    io::Error,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    s3_error,
    service::{S3Service, S3ServiceBuilder},
};
use tokio::{
    net::{TcpListener as AsyncListener, TcpStream},
    runtime::Runtime,
};
use tokio_rustls::{TlsAcceptor, rustls};

/// The one bucket there is.
pub const BUCKET: &str = "opora-files";
/// Who may use it.
pub const ACCESS_KEY: &str = "AKIAOPORATEST";
/// Their secret.
pub const SECRET_KEY: &str = "a/secret+with/signs=that&need%care";

/// A running server; what lies in it goes when it is dropped.
pub struct BucketServer {
    folder: tempfile::TempDir,
    address: SocketAddr,
    tls: Option<TlsAcceptor>,
    running: Option<Runtime>,
}

impl BucketServer {
    /// Starts a server that speaks HTTP.
    pub fn start() -> Result<Self> {
        Self::start_with(tempfile::tempdir()?, None)
    }

    /// Starts a server that speaks HTTPS with the certificate at [`BucketServer::certificate`].
    pub fn start_with_tls() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        fs::write(folder.path().join("tls.crt"), made.cert.pem())?;
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der())
            .map_err(|why| anyhow!("the key just made: {why}"))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let settings = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)?;
        Self::start_with(folder, Some(TlsAcceptor::from(Arc::new(settings))))
    }

    fn start_with(folder: tempfile::TempDir, tls: Option<TlsAcceptor>) -> Result<Self> {
        fs::create_dir_all(folder.path().join("s3").join(BUCKET))?;
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { folder, address, tls, running: None };
        server.open()?;
        Ok(server)
    }

    /// Where it is: `http://127.0.0.1:PORT`, or `https://localhost:PORT`.
    pub fn endpoint(&self) -> String {
        let port = self.address.port();
        if self.tls.is_some() { format!("https://localhost:{port}") } else { format!("http://127.0.0.1:{port}") }
    }

    /// The certificate to believe, as a PEM file, if the server has one.
    pub fn certificate(&self) -> Option<PathBuf> {
        self.tls.as_ref().map(|_| self.folder.path().join("tls.crt"))
    }

    /// The environment of somebody who may use the bucket.
    pub fn environment(&self) -> Vec<(String, String)> {
        let endpoint = self.endpoint();
        [
            ("AWS_ENDPOINT_URL", endpoint.as_str()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// The names of all objects in the bucket, in order.
    pub fn objects(&self) -> Result<Vec<String>> {
        let bucket = self.folder.path().join("s3").join(BUCKET);
        let mut names = Vec::new();
        gather(&bucket, &bucket, &mut names)?;
        names.sort();
        Ok(names)
    }

    /// Where an object lies, for tests that damage it.
    pub fn object(&self, name: &str) -> PathBuf {
        self.folder.path().join("s3").join(BUCKET).join(name)
    }

    /// Ends the server: connections break, nobody listens. What lies in the bucket stays.
    pub fn close(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown_background();
        }
    }

    /// Starts the server again, on its old port.
    pub fn open(&mut self) -> Result<()> {
        self.close();
        let store = s3s_fs::FileSystem::new(self.folder.path().join("s3")).map_err(|why| anyhow!("{why:?}"))?;
        let mut service = S3ServiceBuilder::new(store);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        service.set_access(OneBucket);
        let listener = listen(self.address).context("the bucket's port")?;
        self.address = listener.local_addr()?;
        let running = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        running.spawn(serve(listener, service.build(), self.tls.clone()));
        self.running = Some(running);
        Ok(())
    }
}

/// Only whoever signed may do anything, and only in the bucket there is: its file system alone would make others.
struct OneBucket;

#[async_trait::async_trait]
impl S3Access for OneBucket {
    async fn check(&self, asked: &mut S3AccessContext<'_>) -> S3Result<()> {
        if asked.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        if asked.s3_path().get_bucket_name() != Some(BUCKET) {
            return Err(s3_error!(NoSuchBucket));
        }
        Ok(())
    }
}

impl Drop for BucketServer {
    fn drop(&mut self) {
        self.close();
    }
}

/// The port of the server before may still be in somebody's hands for a moment.
fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener = super::mailpeer::eventually("the bucket's port", || TcpListener::bind(address).ok())?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn serve(listener: TcpListener, service: S3Service, tls: Option<TlsAcceptor>) -> Result<(), Error> {
    let listener = AsyncListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream, service.clone(), tls.clone()));
    }
}

async fn answer(stream: TcpStream, service: S3Service, tls: Option<TlsAcceptor>) {
    let builder = Builder::new(TokioExecutor::new());
    // A connection that breaks is its client's business.
    match tls {
        None => drop(builder.serve_connection(TokioIo::new(stream), service).await),
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                drop(builder.serve_connection(TokioIo::new(stream), service).await);
            }
        }
    }
}

fn gather(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(root, &path, names)?;
        } else {
            names.push(path.strip_prefix(root)?.display().to_string());
        }
    }
    Ok(())
}
