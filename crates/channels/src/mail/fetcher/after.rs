//! What is done with messages that are written down, if anything.

use super::{
    After, Halt,
    conversation::Conversation,
    folder::encoded,
    login::quoted,
    response::{Outcome, Status},
};
use crate::mail::{Code, Problem};

/// Does it. The answer is what the server had against it: the messages are safe with us, so that is worth a complaint
/// and nothing more.
pub(super) async fn tidy(
    conversation: &mut Conversation,
    after: &After,
    uids: &[u32],
) -> Result<Option<Problem>, Halt> {
    if uids.is_empty() || *after == After::Leave {
        return Ok(None);
    }
    let set = uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    let outcome = match after {
        After::Leave => return Ok(None),
        After::MarkSeen => conversation.ask(&format!("UID STORE {set} +FLAGS.SILENT (\\Seen)"), |_| {}).await?,
        After::Move(folder) => move_away(conversation, &set, &quoted(&encoded(folder))?).await?,
        After::Delete => delete(conversation, &set).await?,
    };
    Ok(match outcome.status {
        Status::Ok => None,
        Status::No if outcome.has_code("TRYCREATE") || outcome.has_code("NONEXISTENT") => {
            Some(Problem::new(Code::NoFolder, outcome.words()))
        }
        _ => Some(Problem::new(Code::Protocol, format!("tidying the mailbox: {}", outcome.words()))),
    })
}

async fn move_away(conversation: &mut Conversation, set: &str, folder: &str) -> Result<Outcome, Halt> {
    if conversation.can("MOVE") {
        return conversation.ask(&format!("UID MOVE {set} {folder}"), |_| {}).await;
    }
    let copied = conversation.ask(&format!("UID COPY {set} {folder}"), |_| {}).await?;
    if copied.status != Status::Ok {
        return Ok(copied);
    }
    delete(conversation, set).await
}

/// Without UIDPLUS the messages are only marked as deleted: a plain EXPUNGE would also remove what other people marked.
async fn delete(conversation: &mut Conversation, set: &str) -> Result<Outcome, Halt> {
    let marked = conversation.ask(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"), |_| {}).await?;
    if marked.status != Status::Ok || !conversation.can("UIDPLUS") {
        return Ok(marked);
    }
    conversation.ask(&format!("UID EXPUNGE {set}"), |_| {}).await
}
