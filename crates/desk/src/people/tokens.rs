//! API tokens: for scripts. A token acts as its owner, narrowed to its scopes; it is shown once.

use super::{agents, fresh_secret, secret_hash};
use crate::{Actor, AgentId, Error, Permission, Result, TokenId, error};
use opora_base::event;
use opora_base::{Time, Tx, params};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A token in the list of one's own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Token {
    /// Its number.
    pub id: TokenId,
    /// What it is for.
    pub name: String,
    /// "all", or permissions by name.
    pub scopes: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Time,
    /// When it was last used.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<Time>,
    /// The token itself: only in the answer to its creation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Makes a token for an agent.
pub fn create(tx: &mut Tx<'_>, owner: &Actor, name: &str, scopes: &[String], now: Time) -> Result<Token> {
    let name = error::line("name", name, 80)?;
    if scopes.is_empty() {
        return Err(Error::field("scopes", "required", "name at least one scope, or \"all\""));
    }
    if let Some(unknown) = scopes.iter().find(|s| *s != "all" && Permission::parse(s).is_none()) {
        return Err(Error::field("scopes", "unknown", format!("there is no scope {unknown:?}")));
    }
    let (token, hash) = fresh_secret("opora_");
    let list = json!(scopes);
    let id: TokenId = tx.one(
        "INSERT INTO api_token (token_hash, agent_id, name, scopes, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        params![&hash, owner.agent_id()?, &name, &list, now.0],
    )?;
    event::append(tx, "token.created", 0, owner.author(), &json!({ "token": id, "scopes": list }), now)?;
    Ok(Token { id, name, scopes: scopes.to_vec(), created_at: now, last_used_at: None, token: Some(token) })
}

/// One's own tokens.
pub fn list(tx: &mut Tx<'_>, owner: &Actor) -> Result<Vec<Token>> {
    let rows: Vec<(TokenId, String, Value, i64, Option<i64>)> = tx.query(
        "SELECT id, name, scopes, created_at, last_used_at FROM api_token WHERE agent_id = $1 ORDER BY id",
        params![owner.agent_id()?],
    )?;
    let token = |(id, name, scopes, created, used): (TokenId, String, Value, i64, Option<i64>)| Token {
        id,
        name,
        scopes: serde_json::from_value(scopes).unwrap_or_default(),
        created_at: Time(created),
        last_used_at: used.map(Time),
        token: None,
    };
    Ok(rows.into_iter().map(token).collect())
}

/// Takes one of one's own tokens out of use.
pub fn revoke(tx: &mut Tx<'_>, owner: &Actor, id: TokenId, now: Time) -> Result<()> {
    let gone = tx.exec("DELETE FROM api_token WHERE id = $1 AND agent_id = $2", params![id, owner.agent_id()?])?;
    if gone != 1 {
        return Err(Error::NotFound("token"));
    }
    event::append(tx, "token.revoked", 0, owner.author(), &json!({ "token": id }), now)?;
    Ok(())
}

/// Somebody who came with a token.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The token.
    pub token: TokenId,
    /// Its owner, narrowed to its scopes.
    pub actor: Actor,
    /// When it was last noted as used.
    pub last_used_at: Option<Time>,
}

/// Who comes with this token; `None` when it is no token of ours. A token narrower than its owner also sees less.
pub fn by_token(tx: &mut Tx<'_>, token: &str) -> Result<Option<Bearer>> {
    let row: Option<(TokenId, AgentId, Value, Option<i64>)> = tx.opt(
        "SELECT id, agent_id, scopes, last_used_at FROM api_token WHERE token_hash = $1",
        params![&secret_hash(token)],
    )?;
    let Some((id, agent, scopes, used)) = row else { return Ok(None) };
    let mut actor = match agents::actor(tx, agent) {
        Ok(actor) => actor,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(e) => return Err(e),
    };
    let scopes: Vec<String> = serde_json::from_value(scopes).unwrap_or_default();
    if !scopes.iter().any(|s| s == "all") {
        actor.permissions.retain(|p| scopes.iter().any(|s| s == p.text()));
        actor.sight = agents::sight(tx, agent, &actor.permissions)?;
    }
    Ok(Some(Bearer { token: id, actor, last_used_at: used.map(Time) }))
}

/// Notes that a token was used.
pub fn touch(tx: &mut Tx<'_>, id: TokenId, now: Time) -> Result<()> {
    tx.exec("UPDATE api_token SET last_used_at = $2 WHERE id = $1", params![id, now.0])?;
    Ok(())
}
