//! The ground a command stands on: data folder, store, blobs, master key; migrated and furnished.

use crate::settings::Settings;
use anyhow::Context;
use opora_base::blob::Blobs;
use opora_base::secret::MasterKey;
use opora_base::{Config, Store, migration};
use std::path::PathBuf;

/// What every command that touches the department needs. Cheap to clone.
#[derive(Clone)]
pub struct Ground {
    /// The rows.
    pub store: Store,
    /// Large bytes.
    pub blobs: Blobs,
    /// Opens stored credentials.
    pub key: MasterKey,
    /// The data folder.
    pub data: PathBuf,
}

/// Opens the data folder, brings the database up to date and sees that roles and a brand exist.
pub async fn open(settings: &Settings) -> anyhow::Result<Ground> {
    let data = settings.data.clone();
    std::fs::create_dir_all(&data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    let config = match &settings.ground.database_url {
        Some(url) => Config::new(opora_base::Database::parse(url).context("database_url")?),
        None => Config::sqlite(data.join("opora.db")),
    };
    let store = Store::open(config).context("the database cannot be opened")?;
    let migrated = store.migrate(migration::ALL).await.context("the database cannot be brought up to date")?;
    if let Some(copy) = migrated.copy {
        tracing::info!(copy = %copy.display(), "the database was copied before its upgrade");
    }
    let blobs = match &settings.ground.blobs {
        Some(url) => Blobs::in_bucket(url).context("the bucket cannot be used")?,
        None => Blobs::in_folder(&data.join("blobs")).context("the folder for files cannot be made")?,
    };
    let key = match &settings.ground.secret_key {
        Some(text) => MasterKey::from_base64(text).context("OPORA_SECRET_KEY")?,
        None => MasterKey::load_or_create(&data.join("secret.key")).context("secret.key in the data folder")?,
    };
    store.write(opora_desk::people::setup::furnish).await.context("roles and brand cannot be made")?;
    Ok(Ground { store, blobs, key, data })
}
