//! How fast and how big: fills an index with made-up messages of two languages and asks it typical questions.
//!
//! `cargo run --release -p opora-search --example measure [MESSAGES]` (200,000 unless said otherwise) prints a table.

use std::time::Instant;

use opora_search::{Doc, Index, Query};

const RUSSIAN: &str = "посылка заказ возврат деньги карта доставка курьер оплата чек магазин товар размер цвет брак письмо ответ адрес \
    телефон скидка купон пароль кабинет ошибка приложение отмена обмен звонок счёт перевод комиссия склад коробка гарантия ремонт";
const ENGLISH: &str = "parcel order refund money card delivery courier payment receipt shop item size colour defect letter answer \
    address phone discount coupon password account error application cancel exchange call invoice transfer fee warehouse box repair";
const SMALL: &str = "и не на в что я мне вы это как the a to my is not it you for please";

/// A stream of numbers that is the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

fn main() -> opora_search::Result<()> {
    let messages: u64 = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(200_000);
    let dir = std::env::temp_dir().join(format!("opora-search-measure-{}", std::process::id()));
    let index = Index::open(&dir)?;
    let started = Instant::now();
    let mut chance = Chance(42);
    for batch in 0..messages.div_ceil(1_000) {
        let keys = batch * 1_000 + 1..=((batch + 1) * 1_000).min(messages);
        index.put(&keys.map(|key| message(key, &mut chance)).collect::<Vec<_>>())?;
        index.commit(&batch.to_string())?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{messages} messages in {seconds:.1} s, {:.0}/s, committed by the thousand", messages as f64 / seconds);
    println!("memory while writing {} MB", resident());
    index.rest()?;
    println!("memory at rest       {} MB", resident());
    println!("{:<28} {:>8} {:>8} {:>8}   found", "query", "p50 ms", "p99 ms", "worst");
    for (text, typing) in [
        ("посылки", false),
        ("возврат денег", false),
        ("refund payment card", false),
        ("word4217", false),
        ("возрат", false),
        ("доста", true),
        ("#1042", false),
        ("user77@example.com", false),
        ("«доставка заказ»", false),
        ("где мой заказ и когда мне вернут деньги за товар", false),
        ("why was my card charged twice for the same order", false),
    ] {
        ask(&index, text, typing)?;
    }
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn message(key: u64, chance: &mut Chance) -> Doc {
    let topics: Vec<&str> = if key.is_multiple_of(2) { RUSSIAN } else { ENGLISH }.split_whitespace().collect();
    let small: Vec<&str> = SMALL.split_whitespace().collect();
    let mut body = String::new();
    for _ in 0..20 + chance.below(100) {
        match chance.below(10) {
            0..4 => body.push_str(chance.one(&small)),
            4..7 => body.push_str(chance.one(&topics)),
            // A long tail: rarer words are much rarer.
            _ => {
                let range = 1 << (4 + chance.below(13));
                body.push_str(&format!("word{}", chance.below(range)));
            }
        }
        body.push(' ');
    }
    let group = key / 5;
    Doc {
        key,
        group,
        at: key as i64 * 60_000_000,
        number: Some(group.to_string()),
        subject: format!("{} {}", chance.one(&topics), chance.one(&topics)),
        body,
        people: vec![format!("user{}@example.com", chance.below(20_000))],
        ..Doc::default()
    }
}

fn ask(index: &Index, text: &str, typing: bool) -> opora_search::Result<()> {
    let mut times = Vec::new();
    let mut total = 0;
    for _ in 0..200 {
        let started = Instant::now();
        total = index.search(&Query { typing, ..Query::new(text) })?.total_groups;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    let shown: String = text.chars().take(28).collect();
    println!("{shown:<28} {:>8.2} {:>8.2} {:>8.2}   {total}", times[100], times[198], times[199]);
    Ok(())
}

/// This process's memory in MB, as Linux tells it; 0 elsewhere.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
