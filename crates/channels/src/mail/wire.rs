//! The client's side of a connection: name to address, TCP, TLS, patience.
//! Used by the fetcher and the sender; classifies every failure into a [`Problem`] with a stable code.

use std::{fmt, io, path::PathBuf, sync::Arc, time::Duration};

use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{Code, Problem};

/// Whose certificates we believe.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsTrust {
    /// A PEM file of further authorities, besides the system's own (a company's CA).
    pub ca_file: Option<PathBuf>,
    /// Believe anybody. Only ever by an explicit setting: it gives the password to whoever answers.
    pub accept_invalid_certificates: bool,
}

impl TlsTrust {
    /// The TLS client settings for this trust. Reads the system's store; keep the result.
    pub(super) fn client_config(&self) -> Result<Arc<ClientConfig>, Problem> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Problem::new(Code::Tls, error.to_string()))?;
        if self.accept_invalid_certificates {
            let verifier = Arc::new(BelieveAnybody(provider));
            return Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()));
        }
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs();
        roots.add_parsable_certificates(system.certs);
        if let Some(path) = &self.ca_file {
            let unreadable =
                |why: String| Problem::new(Code::BadSettings, format!("CA file {}: {why}", path.display()));
            let certificates = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
            let mut added = 0;
            for certificate in certificates {
                let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
                roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
                added += 1;
            }
            if added == 0 {
                return Err(unreadable("no certificate in it".into()));
            }
        }
        Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
    }
}

/// The explicit "accept invalid certificates": checks only that the server holds the key it shows.
#[derive(Debug)]
struct BelieveAnybody(Arc<CryptoProvider>);

impl ServerCertVerifier for BelieveAnybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Opens a TCP connection, with keep-alive probes so that a dead line is noticed within two minutes.
pub(super) async fn dial(host: &str, port: u16, patience: Duration) -> Result<TcpStream, Problem> {
    let attempt = async {
        let addresses: Vec<_> = tokio::net::lookup_host((host, port))
            .await
            .map_err(|error| Problem::new(Code::HostNotFound, format!("{host}: {error}")))?
            .collect();
        let mut last = Problem::new(Code::HostNotFound, format!("{host} has no address"));
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = Problem::new(Code::Unreachable, format!("{address}: {error}")),
            }
        }
        Err(last)
    };
    let stream = timeout(patience, attempt)
        .await
        .map_err(|_| Problem::new(Code::Timeout, format!("{host}:{port} did not answer within {patience:?}")))??;
    let keepalive = socket2::TcpKeepalive::new()
        .with_time(Duration::from_secs(60))
        .with_interval(Duration::from_secs(15))
        .with_retries(4);
    let socket = socket2::SockRef::from(&stream);
    if let Err(error) = socket.set_tcp_keepalive(&keepalive).and_then(|()| socket.set_tcp_nodelay(true)) {
        tracing::debug!(%error, "the socket's options could not be set");
    }
    Ok(stream)
}

/// Turns a connection to TLS, checking that the server is `host`.
pub(super) async fn secure(
    stream: TcpStream,
    host: &str,
    config: Arc<ClientConfig>,
    patience: Duration,
) -> Result<Line, Problem> {
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Problem::new(Code::BadSettings, format!("{host} is not a host name")))?;
    let handshake = TlsConnector::from(config).connect(name, stream);
    match timeout(patience, handshake).await {
        Err(_) => Err(Problem::new(Code::Timeout, format!("{host}: the TLS handshake took longer than {patience:?}"))),
        Ok(Err(error)) => Err(tls_problem(host, &error)),
        Ok(Ok(stream)) => Ok(Box::new(stream)),
    }
}

fn tls_problem(host: &str, error: &io::Error) -> Problem {
    let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let code = match cause {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => Code::Certificate,
        Some(_) => Code::Tls,
        None if error.kind() == io::ErrorKind::UnexpectedEof => Code::Tls,
        None => Code::Disconnected,
    };
    Problem::new(code, format!("{host}: {error}"))
}

/// Anything bytes go through.
pub(super) trait Duplex: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + fmt::Debug + Send + Sync + Unpin> Duplex for T {}

/// A connection, plain or TLS.
pub(super) type Line = Box<dyn Duplex>;

/// Waits for some reading or writing, and names what went wrong.
pub(super) async fn within<V>(patience: Duration, work: impl Future<Output = io::Result<V>>) -> Result<V, Problem> {
    match timeout(patience, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(line_problem(&error)),
        Err(_) => Err(Problem::new(Code::Timeout, format!("no answer within {patience:?}"))),
    }
}

/// What broke a connection that was open already.
pub(super) fn line_problem(error: &io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::InvalidData if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
            Problem::new(Code::Tls, error.to_string())
        }
        io::ErrorKind::InvalidData => Problem::new(Code::Protocol, error.to_string()),
        io::ErrorKind::UnexpectedEof => Problem::new(Code::Disconnected, "the server closed the connection"),
        _ => Problem::new(Code::Disconnected, error.to_string()),
    }
}
