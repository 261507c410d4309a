//! Makes typed words ready before a transaction, off the async threads: cleaning a large page takes its time.

use crate::problem::{Answer, Problem};
use opora_desk::tickets::Words;

/// The words of a body, safe to keep.
pub(crate) async fn ready(html: Option<String>, text: Option<String>) -> Answer<Words> {
    let cleaning = tokio::task::spawn_blocking(move || Words::new(html.as_deref(), text.as_deref()));
    Ok(cleaning.await.map_err(Problem::internal)??)
}
