//! Who I am, as every screen begins with: myself, and how customers know me.

use crate::language::Language;
use opora_base::Tx;
use opora_desk::department::brands::{self, Face};
use opora_desk::people::agents;
use opora_desk::people::profile::{self, Me};
use opora_desk::{self as desk, Actor};
use serde::Serialize;
use utoipa::ToSchema;

/// Myself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Myself {
    #[serde(flatten)]
    me: Me,
    /// How customers of the first brand know me.
    public_name: String,
}

/// How customers of the first brand know its agents.
pub(crate) fn first_face(tx: &mut Tx<'_>) -> desk::Result<Face> {
    Ok(brands::list(tx)?.first().map_or(Face::FirstName, |brand| brand.face))
}

/// Myself, whoever I am.
pub(crate) fn myself(tx: &mut Tx<'_>, actor: &Actor, demo: bool) -> desk::Result<Myself> {
    let me = profile::me(tx, actor, demo)?;
    let language = if me.locale == "ru" { Language::Ru } else { Language::En };
    let public_name = agents::public_name(&me.name, me.number, first_face(tx)?, language.tag());
    Ok(Myself { me, public_name })
}
