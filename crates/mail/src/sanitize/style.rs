//! Inline styles: a short list of properties that change how text looks, and values that cannot fetch or hide.

/// Properties that may stay. Nothing that positions, overlays, animates or loads.
const PROPERTIES: [&str; 62] = [
    "background-color",
    "background",
    "border",
    "border-bottom",
    "border-bottom-color",
    "border-bottom-style",
    "border-bottom-width",
    "border-collapse",
    "border-color",
    "border-left",
    "border-left-color",
    "border-left-style",
    "border-left-width",
    "border-radius",
    "border-right",
    "border-right-color",
    "border-right-style",
    "border-right-width",
    "border-spacing",
    "border-style",
    "border-top",
    "border-top-color",
    "border-top-style",
    "border-top-width",
    "border-width",
    "clear",
    "color",
    "direction",
    "display",
    "float",
    "font",
    "font-family",
    "font-size",
    "font-style",
    "font-variant",
    "font-weight",
    "height",
    "letter-spacing",
    "line-height",
    "list-style-type",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "table-layout",
    "text-align",
    "text-decoration",
    "text-indent",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "word-wrap",
    "overflow-wrap",
];

/// The declarations that may stay; `None` when none may.
pub(super) fn safe(style: &str) -> Option<String> {
    if style.len() > 8_000 || style.contains("/*") {
        return None;
    }
    let kept: Vec<String> = style.split(';').filter_map(declaration).take(60).collect();
    (!kept.is_empty()).then(|| kept.join("; "))
}

fn declaration(text: &str) -> Option<String> {
    let (property, value) = text.split_once(':')?;
    let property = property.trim().to_ascii_lowercase();
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    if !PROPERTIES.contains(&property.as_str()) || value.is_empty() || value.len() > 300 || !harmless(&lower) {
        return None;
    }
    if property == "display"
        && !matches!(
            lower.as_str(),
            "none" | "block" | "inline" | "inline-block" | "table" | "table-cell" | "table-row"
        )
    {
        return None;
    }
    if (property.starts_with("margin") || property == "text-indent") && lower.contains('-') && !lower.contains("auto") {
        // A negative margin puts a letter over what is around it.
        return None;
    }
    if property == "line-height" && lower.starts_with('0') {
        return None;
    }
    Some(format!("{property}: {value}"))
}

/// Only plain characters, and no function but a colour.
fn harmless(value: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " #%.,()'\"!+-_/".contains(c);
    if !value.chars().all(plain) {
        return false;
    }
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('(') {
        let name = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '-')).next().unwrap_or_default();
        if !matches!(name, "rgb" | "rgba" | "hsl" | "hsla") {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn looks_stay_and_tricks_go() {
        assert_eq!(
            safe("COLOR: #fff; font-family: 'Arial', sans-serif").unwrap(),
            "color: #fff; font-family: 'Arial', sans-serif"
        );
        assert_eq!(safe("background: rgba(0,0,0,.5)").unwrap(), "background: rgba(0,0,0,.5)");
        for trick in [
            "background: url(https://t.example/x)",
            "background: u\\72l(https://t.example/x)",
            "width: expression(alert(1))",
            "position: fixed",
            "color: red/**/;background:url(x)",
            "-moz-binding: url(x)",
            "margin-left: -2000px",
            "background: image-set('x' 1x)",
            "color: var(--x)",
            "width: calc(1px)",
        ] {
            assert_eq!(safe(trick), None, "{trick}");
        }
    }
}
