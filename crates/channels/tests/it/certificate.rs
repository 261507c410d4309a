//! A certificate for `localhost` and 127.0.0.1, made for this run.

use std::{path::PathBuf, sync::Arc};

use opora_channels::mail::acceptor::tls_from_pem;

/// A certificate and its key as PEM files that live as long as this does.
pub struct Certificate {
    folder: tempfile::TempDir,
}

impl Certificate {
    pub fn fresh() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
        std::fs::write(folder.path().join("tls.crt"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("tls.key"), made.signing_key.serialize_pem()).unwrap();
        Self { folder }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("tls.crt")
    }

    pub fn server(&self) -> Arc<rustls::ServerConfig> {
        tls_from_pem(&self.path(), &self.folder.path().join("tls.key")).unwrap()
    }
}
