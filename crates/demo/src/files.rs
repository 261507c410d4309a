//! Attachments made in code: a screenshot (PNG), an invoice (PDF) and a price table (CSV), small and valid, so that
//! nothing binary is kept in the repository. The crowd shares a few files among all its tickets.

mod deflate;
mod pdf;
mod png;
mod table;

use std::sync::Arc;

use crate::chance::Chance;
use crate::model::{DemoFile, Locale};

/// What customers attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Screenshot,
    Invoice,
    Table,
}

/// A screen of the shop's admin panel with an error banner that says `message` (Latin capitals and digits).
pub(crate) fn screenshot(filename: &str, message: &str, accent: u8) -> DemoFile {
    DemoFile { filename: filename.into(), content_type: "image/png", bytes: png::screen(message, accent).into() }
}

/// An invoice of one page with these lines (ASCII).
pub(crate) fn invoice(filename: &str, lines: &[String]) -> DemoFile {
    DemoFile { filename: filename.into(), content_type: "application/pdf", bytes: pdf::page(lines).into() }
}

/// A price table.
pub(crate) fn table(filename: &str, locale: Locale, rows: usize, chance: &mut Chance) -> DemoFile {
    let bytes: Arc<[u8]> = table::prices(locale, rows, chance).into();
    DemoFile { filename: filename.into(), content_type: "text/csv", bytes }
}

/// The files the crowd attaches.
#[derive(Debug)]
pub(crate) struct Shelf {
    screenshots: [Vec<DemoFile>; 2],
    invoices: [Vec<DemoFile>; 2],
    tables: [Vec<DemoFile>; 2],
}

impl Shelf {
    pub(crate) fn stock(seed: u64) -> Self {
        let mut chance = Chance::of(seed, 4, 0);
        const MESSAGES: [&str; 6] =
            ["ERROR 422", "SERVER ERROR 503", "PAYMENT DECLINED", "NOT FOUND", "TIMEOUT", "ERROR 409"];
        let names = [["снимок экрана", "счёт", "прайс"], ["screenshot", "invoice", "prices"]];
        let screenshots = names.map(|[name, ..]| {
            let numbered = MESSAGES.iter().enumerate();
            numbered.map(|(n, message)| screenshot(&format!("{name} {}.png", n + 1), message, n as u8)).collect()
        });
        let invoices = names.map(|[_, name, _]| {
            (0..6).map(|_| chance.between(1_000, 9_999)).map(|n| numbered_invoice(name, n)).collect()
        });
        let tables = Locale::ALL.map(|locale| {
            let name = names[locale as usize][2];
            (0..6).map(|n| table(&format!("{name}-{}.csv", 2_026 * 10 + n), locale, 12 + 4 * n, &mut chance)).collect()
        });
        Shelf { screenshots, invoices, tables }
    }

    pub(crate) fn take(&self, kind: FileKind, locale: Locale, chance: &mut Chance) -> DemoFile {
        let files = match kind {
            FileKind::Screenshot => &self.screenshots,
            FileKind::Invoice => &self.invoices,
            FileKind::Table => &self.tables,
        };
        chance.pick(&files[locale as usize]).clone()
    }
}

fn numbered_invoice(name: &str, number: i64) -> DemoFile {
    let lines = [
        format!("INVOICE No. {number}"),
        "Seller: Vitrina Platform (demo)".into(),
        "Service: shop plan, one month".into(),
        format!("Amount due: EUR {}.00", 20 + number % 180),
        "Due in 5 working days".into(),
    ];
    invoice(&format!("{name} {number}.pdf"), &lines)
}
