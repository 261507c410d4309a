//! Somebody else's opinion of a DKIM signature: dkimpy (Debian: `python3-dkim`), which shares no code with our signer.
//! The DNS is a list that the test hands in.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

/// Debian's own Python, which finds Debian's packages; another one may stand before it on the path.
const DEBIANS_PYTHON: &str = "/usr/bin/python3";

/// What dkimpy says of each message: `pass`, `fail`, or why it could not tell. `records` are the TXT records that exist,
/// by name without the last dot.
pub fn dkim_verdicts(records: &[(String, String)], messages: &[Vec<u8>]) -> Result<Vec<String>> {
    let python = if Path::new(DEBIANS_PYTHON).exists() { DEBIANS_PYTHON } else { "python3" };
    let mut verifier = Command::new(python)
        .args(["-c", include_str!("verify_dkim.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("starting python3")?;
    let records: serde_json::Map<_, _> = records.iter().map(|(name, text)| (name.clone(), json!(text))).collect();
    let messages: Vec<String> = messages.iter().map(|raw| STANDARD.encode(raw)).collect();
    let asked = json!({ "records": records, "messages": messages });
    verifier.stdin.take().context("python3 takes no input")?.write_all(asked.to_string().as_bytes())?;
    let output = verifier.wait_with_output()?;
    if !output.status.success() {
        bail!("the verifier (Debian: python3-dkim): {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
