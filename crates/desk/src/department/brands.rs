//! Brands: what customers take us for. A brand says how its agents are named to customers [S9.1] and which greeting and
//! closing an answer gets by itself [S9.5].

use crate::{Actor, BrandId, Error, Permission, Result, audit, error};
use opora_base::{Time, Tx, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// Which of an agent's names customers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// Name and surname.
    FullName,
    /// The given name only.
    FirstName,
    /// "Agent #345".
    Number,
}

impl Face {
    const fn text(self) -> &'static str {
        match self {
            Face::FullName => "full_name",
            Face::FirstName => "first_name",
            Face::Number => "number",
        }
    }

    /// The face of that name.
    pub fn parse(text: &str) -> Face {
        match text {
            "full_name" => Face::FullName,
            "number" => Face::Number,
            // A face nobody can read must not show more than it should.
            _ => Face::FirstName,
        }
    }
}

/// A sentence in both languages. `{contact}` and `{agent}` stand for the customer's and the agent's public name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bilingual {
    /// In Russian.
    #[serde(default)]
    pub ru: String,
    /// In English.
    #[serde(default)]
    pub en: String,
}

impl Bilingual {
    /// The sentence in that language.
    pub fn in_language(&self, locale: &str) -> &str {
        if locale == "ru" { &self.ru } else { &self.en }
    }
}

/// A brand.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Brand {
    /// Its number.
    pub id: BrandId,
    /// Its name.
    pub name: String,
    /// How its agents are named to customers.
    pub face: Face,
    /// How an answer begins.
    pub greeting: Bilingual,
    /// How it ends.
    pub closing: Bilingual,
}

/// What a brand is to be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct BrandForm {
    /// Its name.
    pub name: String,
    /// How its agents are named to customers.
    pub face: Face,
    /// How an answer begins.
    #[serde(default)]
    pub greeting: Bilingual,
    /// How it ends.
    #[serde(default)]
    pub closing: Bilingual,
}

/// What is to be different about a brand; what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
pub struct BrandChange {
    /// Its name.
    pub name: Option<String>,
    /// How its agents are named to customers.
    pub face: Option<Face>,
    /// How an answer begins.
    pub greeting: Option<Bilingual>,
    /// How it ends.
    pub closing: Option<Bilingual>,
}

impl From<BrandForm> for BrandChange {
    fn from(form: BrandForm) -> BrandChange {
        let BrandForm { name, face, greeting, closing } = form;
        BrandChange { name: Some(name), face: Some(face), greeting: Some(greeting), closing: Some(closing) }
    }
}

type Columns = (BrandId, String, String, Value, Value);

fn brand((id, name, face, greeting, closing): Columns) -> Brand {
    Brand {
        id,
        name,
        face: Face::parse(&face),
        greeting: serde_json::from_value(greeting).unwrap_or_default(),
        closing: serde_json::from_value(closing).unwrap_or_default(),
    }
}

/// All brands.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Brand>> {
    let rows: Vec<Columns> = tx.query("SELECT id, name, face, greeting, closing FROM brand ORDER BY id", &[])?;
    Ok(rows.into_iter().map(brand).collect())
}

/// One brand.
pub fn get(tx: &mut Tx<'_>, id: BrandId) -> Result<Brand> {
    let row: Option<Columns> =
        tx.opt("SELECT id, name, face, greeting, closing FROM brand WHERE id = $1", params![id])?;
    row.map(brand).ok_or(Error::NotFound("brand"))
}

/// Makes a brand.
pub fn create(tx: &mut Tx<'_>, actor: &Actor, form: &BrandForm, now: Time) -> Result<Brand> {
    actor.need(Permission::SettingsManage)?;
    let (name, greeting, closing) = checked(tx, form, None)?;
    let id: BrandId = tx.one(
        "INSERT INTO brand (name, face, greeting, closing) VALUES ($1, $2, $3, $4) RETURNING id",
        params![&name, form.face.text(), &greeting, &closing],
    )?;
    let brand = get(tx, id)?;
    audit::record(tx, actor, told("created", None, &brand), now)?;
    Ok(brand)
}

fn told<'a>(verb: &'static str, before: Option<&Brand>, brand: &'a Brand) -> audit::Change<'a> {
    let (before, after) = (before.map(|brand| json!(brand)), Some(json!(brand)));
    audit::Change { verb, object: "brand", id: brand.id.0, name: &brand.name, before, after }
}

/// Changes a brand.
pub fn change(tx: &mut Tx<'_>, actor: &Actor, id: BrandId, change: &BrandChange, now: Time) -> Result<Brand> {
    actor.need(Permission::SettingsManage)?;
    let before = get(tx, id)?;
    let (change, old) = (change.clone(), before.clone());
    let form = BrandForm {
        name: change.name.unwrap_or(old.name),
        face: change.face.unwrap_or(old.face),
        greeting: change.greeting.unwrap_or(old.greeting),
        closing: change.closing.unwrap_or(old.closing),
    };
    let (name, greeting, closing) = checked(tx, &form, Some(id))?;
    tx.exec(
        "UPDATE brand SET name = $2, face = $3, greeting = $4, closing = $5 WHERE id = $1",
        params![id, &name, form.face.text(), &greeting, &closing],
    )?;
    let brand = get(tx, id)?;
    audit::record(tx, actor, told("changed", Some(&before), &brand), now)?;
    Ok(brand)
}

fn checked(tx: &mut Tx<'_>, form: &BrandForm, own: Option<BrandId>) -> Result<(String, Value, Value)> {
    let name = error::line("name", &form.name, 80)?;
    for sentence in [&form.greeting.ru, &form.greeting.en, &form.closing.ru, &form.closing.en] {
        if sentence.chars().count() > 1_000 {
            return Err(Error::field("greeting", "too_long", "at most 1000 characters"));
        }
    }
    let other: Option<BrandId> = tx.opt("SELECT id FROM brand WHERE name = $1", params![&name])?;
    if other.is_some() && other != own {
        return Err(Error::field("name", "taken", "a brand of this name exists"));
    }
    let json = |b: &Bilingual| serde_json::to_value(b).unwrap_or_default();
    Ok((name, json(&form.greeting), json(&form.closing)))
}

/// The first brand, when there is none yet.
pub fn ensure_first(tx: &mut Tx<'_>, now: Time) -> Result<()> {
    let any: Option<i64> = tx.opt("SELECT 1 FROM brand LIMIT 1", &[])?;
    if any.is_none() {
        let form = BrandForm {
            name: "Opora".to_owned(),
            face: Face::FullName,
            greeting: Bilingual {
                ru: "Здравствуйте, {contact}!".to_owned(), en: "Hello {contact},".to_owned()
            },
            closing: Bilingual {
                ru: "С уважением,\n{agent}".to_owned(), en: "Best regards,\n{agent}".to_owned()
            },
        };
        create(tx, &Actor::system(), &form, now)?;
    }
    Ok(())
}

/// Names the first brand after the department.
pub fn rename_first(tx: &mut Tx<'_>, name: &str) -> Result<()> {
    let first: BrandId = tx.one("SELECT min(id) FROM brand", &[])?;
    tx.exec("UPDATE brand SET name = $2 WHERE id = $1", params![first, name])?;
    Ok(())
}
