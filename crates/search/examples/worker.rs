//! `opora search worker` without the rest of Opora: JSON lines on stdin and stdout, for tools that measure search.

fn main() -> opora_search::Result<()> {
    opora_search::worker(std::io::stdin().lock(), std::io::stdout().lock())
}
