//! Files: uploaded by an agent before the message that carries them, or taken out of a mail.

use super::model::Attachment;
use crate::{Actor, AttachmentId, Error, Permission, Result};
use opora_base::{FromRow, Row, Sql, Time, Tx, params};

opora_base::row! {
    /// A file as it lies in the table.
    #[derive(Clone, Debug)]
    pub struct File {
        /// Its number.
        pub id: AttachmentId,
        /// The ticket it belongs to, once a message carries it.
        pub ticket_id: Option<crate::TicketId>,
        /// The authorisation it is the signed form of.
        pub authorised_id: Option<i64>,
        /// Who uploaded it.
        pub agent_id: Option<crate::AgentId>,
        /// Its name.
        pub filename: String,
        /// What it says it is.
        pub content_type: String,
        /// Its Content-ID, if the mail gave one.
        pub content_id: Option<String>,
        /// Shown inside the text.
        pub inline: bool,
        /// Bytes.
        pub size: i64,
        /// Where its bytes lie.
        pub digest: String,
    }
}

impl File {
    /// As the API shows it.
    pub fn shown(&self) -> Attachment {
        Attachment {
            id: self.id,
            filename: self.filename.clone(),
            content_type: self.content_type.clone(),
            size: self.size,
            inline: self.inline,
            url: Attachment::url_of(self.id),
        }
    }
}

/// A file about to be kept; its bytes are durable under `digest` already.
#[derive(Clone, Debug)]
pub struct NewFile<'a> {
    /// Its name.
    pub filename: &'a str,
    /// What it says it is.
    pub content_type: &'a str,
    /// Its Content-ID, if the mail gave one.
    pub content_id: Option<&'a str>,
    /// Shown inside the text.
    pub inline: bool,
    /// Bytes.
    pub size: i64,
    /// Where its bytes lie.
    pub digest: &'a str,
}

/// Keeps a file: for the agent who uploads it, or (no agent) for the mail it came with.
pub fn keep(tx: &mut Tx<'_>, actor: &Actor, new: &NewFile<'_>, now: Time) -> Result<Attachment> {
    let name: String = new.filename.chars().filter(|c| !c.is_control() && *c != '/' && *c != '\\').take(200).collect();
    let name = if name.trim().is_empty() { "file".to_owned() } else { name.trim().to_owned() };
    let id: AttachmentId = tx.one(
        "INSERT INTO attachment (agent_id, filename, content_type, content_id, inline, size, digest, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params![actor.agent, &name, new.content_type, new.content_id, new.inline, new.size, new.digest, now.0],
    )?;
    find(tx, id).map(|file| file.shown())
}

fn find(tx: &mut Tx<'_>, id: AttachmentId) -> Result<File> {
    let file: Option<File> = tx.opt(&format!("SELECT {} FROM attachment WHERE id = $1", File::COLS), params![id])?;
    file.ok_or(Error::NotFound("attachment"))
}

/// A file as the API shows it, whoever asks.
pub(crate) fn shown(tx: &mut Tx<'_>, id: AttachmentId) -> Result<Attachment> {
    find(tx, id).map(|file| file.shown())
}

/// Makes an upload of one's own the signed form of an authorisation. It stays one when that is over: it is the evidence.
pub(crate) fn give_to_authorisation(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: AttachmentId,
    authorisation: i64,
) -> Result<()> {
    let given = tx.exec(
        "UPDATE attachment SET authorised_id = $2 WHERE id = $1 AND agent_id = $3 AND message_id IS NULL
           AND talk_message_id IS NULL AND authorised_id IS NULL",
        params![id, authorisation, actor.agent],
    )?;
    if given == 1 {
        Ok(())
    } else {
        Err(Error::field("form_id", "unknown", format!("there is no upload {id} of yours")))
    }
}

/// A file this person may have: one of a ticket they see, a signed form if they may change contacts, or one they uploaded.
pub fn get(tx: &mut Tx<'_>, actor: &Actor, id: AttachmentId) -> Result<File> {
    let file = find(tx, id)?;
    if file.authorised_id.is_some() {
        actor.need(Permission::ContactEdit)?;
        return Ok(file);
    }
    match file.ticket_id {
        Some(ticket) => {
            super::row::get(tx, actor, ticket).map_err(|_| Error::NotFound("attachment"))?;
            Ok(file)
        }
        None if file.agent_id.is_some() && file.agent_id == actor.agent => Ok(file),
        None => Err(Error::NotFound("attachment")),
    }
}

/// The files a message is to carry: own uploads not yet carried by another message, and copies of files of tickets one sees
/// (a letter passed on). Those shown in the text are inline.
pub fn take(
    tx: &mut Tx<'_>,
    actor: &Actor,
    listed: &[AttachmentId],
    shown: &[AttachmentId],
    most: usize,
) -> Result<Vec<Attachment>> {
    let mut listed = listed.to_vec();
    for id in &mut listed {
        *id = mine(tx, actor, *id)?;
    }
    let mut ids: Vec<AttachmentId> = listed.iter().chain(shown).copied().collect();
    ids.sort();
    ids.dedup();
    if ids.len() > most {
        return Err(Error::field("attachments", "too_many", format!("at most {most}")));
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!(
        "SELECT {} FROM attachment WHERE message_id IS NULL AND talk_message_id IS NULL AND authorised_id IS NULL AND ",
        File::COLS
    ));
    sql.is_in("id", &ids).push(" ORDER BY id");
    let files: Vec<File> = tx.query(sql.text(), sql.args())?;
    if let Some(missing) = listed.iter().find(|id| !files.iter().any(|f| f.id == **id && f.agent_id == actor.agent)) {
        return Err(Error::field("attachments", "unknown", format!("there is no upload {missing} of yours")));
    }
    let mut taken = Vec::with_capacity(files.len());
    for file in files.into_iter().filter(|f| f.agent_id == actor.agent) {
        let mut attachment = file.shown();
        attachment.inline = shown.contains(&file.id);
        if attachment.inline != file.inline {
            tx.exec("UPDATE attachment SET inline = $2 WHERE id = $1", params![file.id, attachment.inline])?;
        }
        taken.push(attachment);
    }
    Ok(taken)
}

/// The file itself when it is an upload waiting for its message; a copy of one that another message carries. The bytes are
/// the same either way.
fn mine(tx: &mut Tx<'_>, actor: &Actor, id: AttachmentId) -> Result<AttachmentId> {
    let file = match get(tx, actor, id) {
        Ok(file) if file.ticket_id.is_some() => file,
        _ => return Ok(id),
    };
    Ok(tx.one(
        "INSERT INTO attachment (agent_id, filename, content_type, inline, size, digest, created_at)
         SELECT $2, filename, content_type, FALSE, size, digest, created_at FROM attachment WHERE id = $1 RETURNING id",
        params![file.id, actor.agent],
    )?)
}

/// The files of a message, with where their bytes lie.
pub fn of_message(tx: &mut Tx<'_>, message: crate::MessageId) -> Result<Vec<File>> {
    let sql = format!("SELECT {} FROM attachment WHERE message_id = $1 ORDER BY id", File::COLS);
    Ok(tx.query(&sql, params![message])?)
}

/// A file of a message among colleagues.
pub(super) struct TalkFile {
    pub(super) message: i64,
    pub(super) file: File,
}

impl FromRow for TalkFile {
    fn from_row(row: &Row<'_>) -> opora_base::Result<Self> {
        Ok(TalkFile { file: File::from_row(row)?, message: row.get(10)? })
    }
}

/// The files of messages among colleagues.
pub(super) fn of_talk(tx: &mut Tx<'_>, messages: &[i64]) -> Result<Vec<TalkFile>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!("SELECT {}, talk_message_id FROM attachment WHERE ", File::COLS));
    sql.is_in("talk_message_id", messages).push(" ORDER BY id");
    Ok(tx.query(sql.text(), sql.args())?)
}
