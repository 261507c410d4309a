//! The ground a command stands on: data folder, store, blobs, master key; migrated and furnished.

use crate::settings::Settings;
use anyhow::Context;
use opora_base::blob::Blobs;
use opora_base::secret::MasterKey;
use opora_base::{Clock, Config, Store, SystemClock, Time, Tx, job, migration};
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

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
    /// Who this process is, in leases and jobs.
    pub holder: Arc<str>,
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
    let now = SystemClock.now();
    let furnish = move |tx: &mut Tx<'_>| opora_desk::people::setup::furnish(tx, now);
    store.write(furnish).await.context("roles and brand cannot be made")?;
    let holder = format!("command-{:016x}", rand::random::<u64>()).into();
    Ok(Ground { store, blobs, key, data, holder })
}

/// Proof that no other process serves this data folder; kept as long as it is served.
pub struct Occupied(#[allow(dead_code)] File);

impl Ground {
    /// Takes the data folder for serving. The node keeps its name over restarts: since nobody else can hold the folder,
    /// what an earlier life of it left in hand (leases, jobs) is its own again and need not run out first.
    pub async fn occupy(&mut self, now: Time) -> anyhow::Result<Occupied> {
        let path = self.data.join("node");
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path)?;
        file.try_lock().ok().with_context(|| format!("another Opora serves {} already", self.data.display()))?;
        let mut name = String::new();
        file.read_to_string(&mut name)?;
        if name.trim().is_empty() {
            name = format!("node-{:032x}", rand::random::<u128>());
            file.write_all(name.as_bytes())?;
            file.sync_all()?;
        }
        self.holder = name.trim().into();
        let me = self.holder.clone();
        let taken_back = self.store.write(move |tx| job::take_back(tx, &me, now)).await?;
        if taken_back > 0 {
            tracing::info!(jobs = taken_back, "going on with what was in hand when the program ended");
        }
        Ok(Occupied(file))
    }
}
