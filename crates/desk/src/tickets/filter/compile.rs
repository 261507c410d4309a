//! The filter language compiled to SQL: over tickets for a list, over the tally for a count that need not count.

use super::Matches;
use crate::tickets::{change, list, row};
use crate::{Actor, Result, TeamId, notifications};
use jiff::tz::TimeZone;
use opora_base::{Sql, Time, Tx};
use opora_query::{
    Comparison, Entitlement, Filter, Has, Is, Kind, Length, Moment, Person, Sla, Status, Team, Term, When, Which, YesNo,
};

/// Who asks, when and where: what "me", "mine", "2d" and a day stand for.
#[derive(Clone, Debug)]
pub(in crate::tickets) struct Asker<'a> {
    pub(in crate::tickets) actor: &'a Actor,
    pub(in crate::tickets) place: &'a Place,
    pub(in crate::tickets) now: Time,
}

/// Where somebody is: in which teams, and in which time zone when a day is asked for.
#[derive(Clone, Debug)]
pub(in crate::tickets) struct Place {
    teams: Vec<TeamId>,
    zone: TimeZone,
}

impl Place {
    /// As far as this filter cares.
    pub(in crate::tickets) fn of(tx: &mut Tx<'_>, actor: &Actor, filter: &Filter) -> Result<Place> {
        let zone = match actor.agent.filter(|_| filter.terms.iter().any(names_a_day)) {
            Some(agent) => notifications::settings_of(tx, agent)?.zone(),
            None => TimeZone::UTC,
        };
        Ok(Place { teams: list::my_teams(tx, actor)?, zone })
    }
}

/// Does it depend on where a day begins?
pub(in crate::tickets) fn names_a_day(term: &Term) -> bool {
    match &term.kind {
        Kind::Created(list) | Kind::Updated(list) => list.iter().any(|when| matches!(when.moment, Moment::Day(_))),
        _ => false,
    }
}

/// Over what a condition is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    /// The ticket `t`, and `r`, what the reader has read of it.
    Tickets,
    /// The tally, where 0 stands for nobody.
    Tally,
}

/// The whole filter as a condition over tickets, with what the asker may see. `matches` say in which tickets its words are.
pub(in crate::tickets) fn over_tickets(filter: &Filter, asker: &Asker<'_>, matches: &Matches, sql: &mut Sql) {
    row::only_seen(sql, asker.actor, "t.");
    for term in filter.terms.iter().filter(|term| !is_text(term)) {
        sql.push(" AND ");
        compile(term, asker, Over::Tickets, sql);
    }
    let wanted = filter.wanted_text();
    if !wanted.is_empty() {
        sql.push(" AND ").among("t.id", &matches.of(&wanted));
    }
    for unwanted in filter.unwanted_texts() {
        sql.push(" AND NOT ").among("t.id", &matches.of(&unwanted));
    }
}

/// Is it for the search index to say?
fn is_text(term: &Term) -> bool {
    matches!(term.kind, Kind::Word(_) | Kind::Phrase(_))
}

/// The same over the tally, when the tally knows everything that is asked.
pub(in crate::tickets) fn over_tally(filter: &Filter, asker: &Asker<'_>) -> Option<Sql> {
    let known = |term: &Term| match &term.kind {
        Kind::Status(_) | Kind::Assignee(_) | Kind::Team(_) | Kind::Inbox(_) => true,
        Kind::Is(list) => list.iter().all(|is| *is == Is::Open),
        _ => false,
    };
    if !filter.terms.iter().all(known) {
        return None;
    }
    let mut sql = Sql::new("");
    row::only_seen(&mut sql, asker.actor, "");
    for term in &filter.terms {
        sql.push(" AND ");
        compile(term, asker, Over::Tally, &mut sql);
    }
    Some(sql)
}

/// A filter for several statuses taken apart into one for each, so that an index gives each of them in order: an index by
/// status gives several of them only to be sorted, however many tickets that are. Nothing where that gains nothing.
pub(in crate::tickets) fn by_status(filter: &Filter) -> Vec<Filter> {
    let several = |term: &Term| match &term.kind {
        Kind::Status(list) if !term.negated && !are_active(list) => Some(list.clone()),
        Kind::Is(list) if !term.negated && list.iter().all(|is| *is == Is::Open) && !list.is_empty() => {
            Some(UNSOLVED.to_vec())
        }
        _ => None,
    };
    let Some((at, mut statuses)) = filter.terms.iter().enumerate().find_map(|(i, term)| Some((i, several(term)?)))
    else {
        return Vec::new();
    };
    statuses.sort_unstable_by_key(|status| status.as_str());
    statuses.dedup();
    if statuses.len() < 2 {
        return Vec::new();
    }
    let alone = |status| {
        let mut filter = filter.clone();
        filter.terms[at].kind = Kind::Status(vec![status]);
        filter
    };
    statuses.into_iter().map(alone).collect()
}

const UNSOLVED: [Status; 4] = [Status::New, Status::Open, Status::Waiting, Status::OnHold];

/// "New or open" and nothing else.
fn are_active(list: &[Status]) -> bool {
    list.contains(&Status::New)
        && list.contains(&Status::Open)
        && list.iter().all(|s| matches!(s, Status::New | Status::Open))
}

fn compile(term: &Term, asker: &Asker<'_>, over: Over, sql: &mut Sql) {
    // What is nobody's is not Anna's either: an unknown answer counts as no.
    sql.push(if term.negated { "NOT COALESCE((" } else { "(" });
    condition(&term.kind, asker, over, sql);
    sql.push(if term.negated { "), FALSE)" } else { ")" });
}

fn condition(kind: &Kind, asker: &Asker<'_>, over: Over, sql: &mut Sql) {
    let column = |name: &str| if over == Over::Tickets { format!("t.{name}") } else { name.to_owned() };
    match kind {
        Kind::Status(list) => statuses(list, over, sql),
        Kind::Priority(list) => {
            let numbers: Vec<i64> = list.iter().map(|p| priority(*p)).collect();
            sql.is_in("t.priority", &numbers);
        }
        Kind::Assignee(people) => either(sql, people, |sql, person| match person {
            Person::Me => equals(sql, &column("assignee_id"), asker.actor.agent.map_or(-1, |a| a.0)),
            Person::Nobody => nobody(sql, &column("assignee_id"), over),
            Person::Id(id) => equals(sql, &column("assignee_id"), *id),
            Person::Named(_) => nothing(sql),
        }),
        Kind::Team(teams) => either(sql, teams, |sql, team| match team {
            Team::Mine => {
                let mine: Vec<i64> = asker.place.teams.iter().map(|t| t.0).collect();
                present(sql, &column("team_id"), over);
                sql.push(" AND ").is_in(&column("team_id"), &mine);
            }
            Team::Nobody => nobody(sql, &column("team_id"), over),
            Team::Id(id) => equals(sql, &column("team_id"), *id),
            Team::Named(_) => nothing(sql),
        }),
        Kind::Inbox(list) => {
            sql.is_in(&column("inbox_id"), &ids(list));
        }
        Kind::Brand(list) => {
            sql.is_in("t.brand_id", &ids(list));
        }
        Kind::Contact(list) => {
            sql.is_in("t.contact_id", &ids(list));
        }
        Kind::Organization(list) => {
            sql.push("t.contact_id IN (SELECT id FROM contact WHERE ").is_in("organization_id", &ids(list)).push(")");
        }
        Kind::Plan(list) => {
            whose_organization(sql, |sql| {
                sql.is_in("o.plan_id", &ids(list));
            });
        }
        Kind::Vip(list) => either(sql, list, |sql, answer| match answer {
            YesNo::Yes => whose_organization(sql, |sql| _ = sql.push("o.vip = TRUE")),
            YesNo::No => {
                sql.push("NOT ");
                whose_organization(sql, |sql| _ = sql.push("o.vip = TRUE"));
            }
        }),
        Kind::Manager(people) => either(sql, people, |sql, person| match person {
            Person::Me => looked_after_by(sql, asker.actor.agent.map_or(-1, |a| a.0)),
            Person::Nobody => {
                sql.push("NOT ");
                whose_organization(sql, |sql| _ = sql.push("o.account_manager_id IS NOT NULL"));
            }
            Person::Id(id) => looked_after_by(sql, *id),
            Person::Named(_) => nothing(sql),
        }),
        Kind::Entitlement(list) => either(sql, list, |sql, entitlement| match entitlement {
            Entitlement::Unknown => _ = sql.push("t.entitlement IS NULL"),
            other => _ = sql.push("t.entitlement = ").bind(other.as_str()),
        }),
        Kind::Follower(people) => either(sql, people, |sql, person| match person {
            Person::Me => followed_by(sql, asker.actor.agent.map_or(-1, |a| a.0)),
            Person::Nobody => {
                sql.push("NOT EXISTS (SELECT 1 FROM ticket_follower f WHERE f.ticket_id = t.id)");
            }
            Person::Id(id) => followed_by(sql, *id),
            Person::Named(_) => nothing(sql),
        }),
        Kind::Tag(tags) => {
            let tags: Vec<String> = tags.iter().map(|tag| change::spelled_tag(tag)).collect();
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            // The tag's own index leads to its few tickets; asking each ticket for its tags would read them all.
            sql.push("t.id IN (SELECT ticket_id FROM ticket_tag WHERE ").is_in("tag", &tags).push(")");
        }
        Kind::Channel(channels) => {
            let channels: Vec<&str> = channels.iter().map(String::as_str).collect();
            sql.is_in("t.channel", &channels);
        }
        Kind::Is(list) => either(sql, list, |sql, is| match is {
            Is::Open => statuses(&UNSOLVED, over, sql),
            Is::Unread => {
                sql.push("t.last_message_id > COALESCE(r.message_id, 0) AND t.status NOT IN ('solved', 'closed')");
            }
            Is::Snoozed => {
                sql.push("t.snoozed_until IS NOT NULL");
            }
        }),
        Kind::Has(list) => either(sql, list, |sql, has| match has {
            Has::Attachment => {
                sql.push("t.attachment_count > 0");
            }
            Has::Draft => {
                sql.push("t.id IN (SELECT ticket_id FROM draft WHERE agent_id = ");
                sql.bind(asker.actor.agent.map_or(-1, |a| a.0)).push(")");
            }
        }),
        Kind::Created(list) => either(sql, list, |sql, when| moment(sql, "t.created_at", *when, asker)),
        Kind::Updated(list) => either(sql, list, |sql, when| moment(sql, "t.updated_at", *when, asker)),
        Kind::Waiting(list) => either(sql, list, |sql, length| waiting(sql, *length, asker.now)),
        Kind::Due(list) => either(sql, list, |sql, length| due(sql, *length, asker.now)),
        Kind::Sla(list) => either(sql, list, |sql, state| {
            match state {
                Sla::Running => {
                    sql.push("t.sla_due_at < ").bind(i64::MAX).push(" AND t.sla_due_at > ").bind(asker.now.0)
                }
                Sla::Breached => sql.push("t.sla_due_at <= ").bind(asker.now.0),
                Sla::Paused => sql.push("t.sla IS NOT NULL AND t.sla_due_at = ").bind(i64::MAX),
                Sla::Nothing => sql.push("t.sla IS NULL"),
            };
        }),
        // The search index says where words are, not the rows.
        Kind::Word(_) | Kind::Phrase(_) => nothing(sql),
    }
}

/// Names are looked up before a filter is compiled; one that was not stands for nobody.
fn nothing(sql: &mut Sql) {
    sql.push("FALSE");
}

fn ids(list: &[Which]) -> Vec<i64> {
    list.iter().filter_map(|which| if let Which::Id(id) = which { Some(*id) } else { None }).collect()
}

/// Tickets by the few organizations that fit, their contacts, and those contacts' tickets: each step has its index.
fn whose_organization(sql: &mut Sql, which: impl FnOnce(&mut Sql)) {
    sql.push("t.contact_id IN (SELECT w.id FROM organization o JOIN contact w ON w.organization_id = o.id WHERE ");
    which(sql);
    sql.push(")");
}

fn looked_after_by(sql: &mut Sql, agent: i64) {
    whose_organization(sql, |sql| _ = sql.push("o.account_manager_id = ").bind(agent));
}

fn followed_by(sql: &mut Sql, agent: i64) {
    sql.push("t.id IN (SELECT ticket_id FROM ticket_follower WHERE agent_id = ").bind(agent).push(")");
}

fn either<T>(sql: &mut Sql, list: &[T], mut one: impl FnMut(&mut Sql, &T)) {
    if list.is_empty() {
        sql.push("FALSE");
    }
    for (i, item) in list.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { " OR (" });
        one(sql, item);
        sql.push(")");
    }
}

/// "New or open" is what nearly every view asks; tickets have a column for it, and indexes on that column.
fn statuses(list: &[Status], over: Over, sql: &mut Sql) {
    if over == Over::Tickets && are_active(list) {
        sql.push("t.active = TRUE");
        return;
    }
    let names: Vec<&str> = list.iter().map(|s| s.as_str()).collect();
    sql.is_in(if over == Over::Tickets { "t.status" } else { "status" }, &names);
}

fn equals(sql: &mut Sql, column: &str, id: i64) {
    sql.push(column).push(" = ").bind(id);
}

fn nobody(sql: &mut Sql, column: &str, over: Over) {
    sql.push(column).push(if over == Over::Tickets { " IS NULL" } else { " = 0" });
}

fn present(sql: &mut Sql, column: &str, over: Over) {
    sql.push(column).push(if over == Over::Tickets { " IS NOT NULL" } else { " <> 0" });
}

fn priority(priority: opora_query::Priority) -> i64 {
    match priority {
        opora_query::Priority::Low => 1,
        opora_query::Priority::Normal => 2,
        opora_query::Priority::High => 3,
        opora_query::Priority::Urgent => 4,
    }
}

/// A day begins where the asker is; an age is compared by its length, so that `>2d` is further back than two days.
fn moment(sql: &mut Sql, column: &str, when: When, asker: &Asker<'_>) {
    match when.moment {
        Moment::Day(day) => {
            let start_of = |day: jiff::civil::Date| {
                day.to_zoned(asker.place.zone.clone()).map_or(i64::MAX, |at| at.timestamp().as_microsecond())
            };
            let (start, end) = (start_of(day), day.tomorrow().map_or(i64::MAX, start_of));
            let (sign, at) = match when.comparison {
                Comparison::Less => ("<", start),
                Comparison::AtMost => ("<", end),
                Comparison::AtLeast => (">=", start),
                Comparison::Greater => (">=", end),
                Comparison::Equal => {
                    sql.push(column).push(" >= ").bind(start).push(" AND ").push(column).push(" < ").bind(end);
                    return;
                }
            };
            sql.push(column).push(&format!(" {sign} ")).bind(at);
        }
        Moment::Ago(age) => {
            let at = asker.now.0.saturating_sub(age.seconds().saturating_mul(1_000_000));
            sql.push(column).push(&format!(" {} ", sign_of_length(when.comparison, "<", ">"))).bind(at);
        }
    }
}

/// Longer ago is earlier: the sign turns around.
fn sign_of_length(comparison: Comparison, longer: &'static str, shorter: &'static str) -> String {
    match comparison {
        Comparison::Greater => longer.to_owned(),
        Comparison::AtLeast => format!("{longer}="),
        Comparison::Less => shorter.to_owned(),
        Comparison::AtMost | Comparison::Equal => format!("{shorter}="),
    }
}

/// How long until the next deadline; what is late is due in less than anything.
fn due(sql: &mut Sql, length: Length, now: Time) {
    let at = now.0.saturating_add(length.age.seconds().saturating_mul(1_000_000));
    let sign = match length.comparison {
        Comparison::Equal => "<=".to_owned(),
        other => sign_of_length(other, ">", "<"),
    };
    sql.push("t.sla_due_at < ").bind(i64::MAX).push(&format!(" AND t.sla_due_at {sign} ")).bind(at);
}

fn waiting(sql: &mut Sql, length: Length, now: Time) {
    let at = now.0.saturating_sub(length.age.seconds().saturating_mul(1_000_000));
    let sign = match length.comparison {
        Comparison::Equal => "<=".to_owned(),
        other => sign_of_length(other, "<", ">"),
    };
    sql.push("t.waiting_since <> ").bind(i64::MAX).push(&format!(" AND t.waiting_since {sign} ")).bind(at);
}
