//! Makes sure there is a page to build in: where the workspace was not built (no Node on this machine), a placeholder
//! that says how.

use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"opora\" content=\"placeholder\">
<title>Opora</title>
<h1>Opora</h1>
<p>The server works; its workspace was not built into this binary. Run <code>cargo xtask demo</code>.</p>
<p lang=\"ru\">Сервер работает, но рабочее место не собрано вместе с ним. Запустите <code>cargo xtask demo</code>.</p>
</html>
";

fn main() -> std::io::Result<()> {
    let dist = Path::new("../../web/workspace/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    if !dist.join("index.html").exists() {
        std::fs::create_dir_all(dist)?;
        std::fs::write(dist.join("index.html"), PLACEHOLDER)?;
    }
    Ok(())
}
