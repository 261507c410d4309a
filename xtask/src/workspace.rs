//! Where things lie: the repository's folders and the build's. Nothing else in this crate spells a path.

use std::path::{Path, PathBuf};

/// The repository's root: where Cargo found this crate when it started it. Several clones may share one build folder, so
/// the place it was built in says nothing.
pub fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&own).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

/// The folder of the web packages (workspace, shared controls, browser tests).
pub fn web() -> PathBuf {
    root().join("web")
}

/// Cargo's build folder, wherever the environment puts it.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The release build of the product.
pub fn binary() -> PathBuf {
    target().join("release").join(format!("opora{}", std::env::consts::EXE_SUFFIX))
}

/// Mail, replies and questions collected by others, with the programs that score an answer to them.
/// They stand beside the repository, or where `OPORA_CHECKS` says; not everybody has them.
pub fn shared_checks() -> Option<PathBuf> {
    let dir = match std::env::var_os("OPORA_CHECKS") {
        Some(dir) => PathBuf::from(dir),
        None => root().parent()?.join("shared").join("checks"),
    };
    dir.join("score_parse.py").is_file().then_some(dir)
}
