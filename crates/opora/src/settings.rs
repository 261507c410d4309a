//! Settings: from the command line, else from `OPORA_*`, else from `opora.toml`, else a default.

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

macro_rules! settings {
    (ground { $($(#[doc = $ground_doc:literal])* $ground:ident : $ground_kind:ty, $ground_env:literal;)* }
     serve { $($(#[doc = $doc:literal])* $field:ident : $kind:ty, $env:literal;)* }) => {
        /// Where the department lives: what every command needs.
        #[derive(Clone, Debug, Default, Args)]
        pub struct GroundArgs {
            /// The data folder: database, files, search index, master key. Made when missing. [default: opora-data]
            #[arg(long, env = "OPORA_DATA")]
            pub data: Option<PathBuf>,
            /// The settings file; opora.toml in the data folder when absent.
            #[arg(long, env = "OPORA_CONFIG")]
            pub config: Option<PathBuf>,
            $($(#[doc = $ground_doc])* #[arg(long, env = $ground_env, hide_env_values = true)] pub $ground: Option<$ground_kind>,)*
        }

        /// How it is served.
        #[derive(Clone, Debug, Default, Args)]
        pub struct ServingArgs {
            $($(#[doc = $doc])* #[arg(long, env = $env, hide_env_values = true)] pub $field: Option<$kind>,)*
        }

        /// The settings as they are written in `opora.toml`.
        #[derive(Clone, Debug, Default, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        struct SettingsFile { $($ground: Option<$ground_kind>,)* $($field: Option<$kind>,)* }

        impl Settings {
            fn fill_from(&mut self, file: SettingsFile) {
                $(if self.ground.$ground.is_none() { self.ground.$ground = file.$ground; })*
                $(if self.args.$field.is_none() { self.args.$field = file.$field; })*
            }
        }
    };
}

settings! {
    ground {
        /// Keep the rows in PostgreSQL instead of the data folder: postgres://USER@HOST/NAME.
        database_url: String, "OPORA_DATABASE_URL";
        /// Keep files in an S3-compatible bucket instead of the data folder: s3://NAME, keys and address in AWS_*.
        blobs: String, "OPORA_BLOBS";
        /// The master key for stored credentials, 32 bytes in base64; secret.key in the data folder when absent.
        secret_key: String, "OPORA_SECRET_KEY";
    }
    serve {
        /// Where the API and the workspace listen. [default: 127.0.0.1:8080]
        listen: SocketAddr, "OPORA_LISTEN";
        /// Take mail by LMTP here: ADDR:PORT, or unix:/a/path.
        lmtp: String, "OPORA_LMTP";
        /// Take mail by SMTP here: ADDR:PORT.
        smtp: String, "OPORA_SMTP";
        /// Where people reach this department, for links in mail: https://help.example.com.
        public_url: String, "OPORA_PUBLIC_URL";
        /// What the mail doors call themselves. [default: the machine's name]
        hostname: String, "OPORA_HOSTNAME";
        /// Certificate chain (PEM) of the mail doors: offers STARTTLS.
        tls_cert: PathBuf, "OPORA_TLS_CERT";
        /// Its key (PEM).
        tls_key: PathBuf, "OPORA_TLS_KEY";
        /// Believe these certificates (PEM) too when connecting to mail servers.
        tls_roots: PathBuf, "OPORA_TLS_ROOTS";
        /// Push services may lie in this network and be reached over plain HTTP: true or false. [default: false]
        push_anywhere: bool, "OPORA_PUSH_ANYWHERE";
        /// A proxy stands in front and its X-Forwarded-* headers can be believed: true or false. [default: false]
        trust_proxy: bool, "OPORA_TRUST_PROXY";
        /// The largest mail, in bytes. [default: 41943040]
        mail_limit: usize, "OPORA_MAIL_LIMIT";
        /// The largest uploaded file, in bytes. [default: 26214400]
        upload_limit: usize, "OPORA_UPLOAD_LIMIT";
        /// The most MIME parts of a mail; one with more goes to the quarantine. [default: 2000]
        mail_parts: usize, "OPORA_MAIL_PARTS";
        /// The deepest nesting of a mail's MIME parts. [default: 50]
        mail_depth: usize, "OPORA_MAIL_DEPTH";
        /// The largest JSON body, in bytes. [default: 2097152]
        json_limit: usize, "OPORA_JSON_LIMIT";
        /// The deepest nesting of a JSON body. [default: 32]
        json_depth: usize, "OPORA_JSON_DEPTH";
    }
}

/// The settings a command runs with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// Where the department lives.
    pub ground: GroundArgs,
    /// How it is served.
    pub args: ServingArgs,
}

impl GroundArgs {
    /// Takes the settings file into account, for a command that serves nothing.
    pub fn settle(self) -> anyhow::Result<Settings> {
        self.settle_with(ServingArgs::default())
    }

    /// Takes the settings file into account.
    pub fn settle_with(self, args: ServingArgs) -> anyhow::Result<Settings> {
        let data = self.data.clone().unwrap_or_else(|| PathBuf::from("opora-data"));
        let (path, must_exist) = match &self.config {
            Some(path) => (path.clone(), true),
            None => (data.join("opora.toml"), false),
        };
        let mut settings = Settings { data, ground: self, args };
        if let Some(file) = read(&path, must_exist)? {
            settings.fill_from(file);
        }
        Ok(settings)
    }
}

fn read(path: &Path, must_exist: bool) -> anyhow::Result<Option<SettingsFile>> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map(Some).with_context(|| format!("{} cannot be read", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

impl Settings {
    /// Where the API listens.
    pub fn listen(&self) -> SocketAddr {
        self.args.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)))
    }

    /// What the mail doors call themselves.
    pub fn hostname(&self) -> String {
        self.args.hostname.clone().unwrap_or_else(|| {
            std::fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim().to_owned()).unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_file_and_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("opora.toml"), "listen = \"127.0.0.1:9\"\nlmtp = \"127.0.0.1:24\"\n")
            .unwrap();
        let ground = GroundArgs { data: Some(folder.path().into()), ..Default::default() };
        let given = ServingArgs { lmtp: Some("[::1]:25".to_owned()), ..Default::default() };
        let settled = ground.settle_with(given).unwrap();
        assert_eq!(settled.listen().port(), 9);
        assert_eq!(settled.args.lmtp.as_deref(), Some("[::1]:25"));
        assert_eq!(settled.args.smtp, None);
    }

    #[test]
    fn a_word_nobody_knows_in_the_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("opora.toml"), "lisen = \"x\"\n").unwrap();
        let error = GroundArgs { data: Some(folder.path().into()), ..Default::default() }.settle().unwrap_err();
        assert!(format!("{error:#}").contains("lisen"), "{error:#}");
    }
}
