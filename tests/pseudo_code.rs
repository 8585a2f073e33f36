//! What the doc comments of src/ quote as SPEC.md's pseudo-code stands there, line by line.
#![allow(clippy::panic_in_result_fn, reason = "a test that fails panics")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Without blanks, and without what stands beside a line: a comment, or anything behind four blanks that is not `=`, such as a citation.
fn bare(line: &str) -> String {
    let mut line = line.split("# ").next().unwrap_or_default().trim();
    while let Some((before, _)) = line.rsplit_once("    ").filter(|(_, beside)| !beside.starts_with('=')) {
        line = before.trim_end();
    }
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

/// How much of `a` stands in `b` in the same order: twice the letters that both have in a row of three, by all.
fn likeness(a: &str, b: &str) -> usize {
    let threes = |s: &str| s.as_bytes().windows(3).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (a, b) = (threes(a), threes(b));
    2000 * a.iter().filter(|three| b.contains(three)).count() / (a.len() + b.len()).max(1)
}

/// The lines of a source that are quoted from SPEC.md: those of each block ```` ```text ```` in a doc comment that cites it, but for blocks
/// marked `condensed`, which say a rule in fewer words.
fn quoted(source: &str) -> Vec<(usize, &str)> {
    let (mut lines, mut block) = (Vec::new(), None);
    for (line, number) in source.lines().map(str::trim_start).zip(1..) {
        let Some(text) = line.strip_prefix("//").and_then(|text| text.strip_prefix(['/', '!'])) else { continue };
        match (text.trim(), &mut block) {
            ("```text", None) => block = Some(Vec::new()),
            ("```", Some(of)) => {
                let of: Vec<_> = std::mem::take(of);
                block = None;
                let has = |word: &str| of.iter().any(|(_, text): &(usize, &str)| text.contains(word));
                if has("(SPEC.md ") && !has("condensed") {
                    lines.extend(of);
                }
            }
            (_, Some(of)) => of.push((number, text)),
            _ => {}
        }
    }
    lines
}

/// What is quoted and does not stand in SPEC.md, with the line there that is nearest.
fn drifted(file: &str, source: &str, spec: &str) -> Vec<String> {
    let spec: Vec<_> = spec.lines().zip(1..).map(|(line, number)| (bare(line), number, line.trim())).collect();
    let stands = |quoted: &str| quoted.is_empty() || spec.iter().any(|(line, ..)| line == quoted);
    let nearest =
        |quoted: &str| spec.iter().max_by_key(|(line, ..)| likeness(line, quoted)).map(|(_, n, line)| format!("SPEC.md:{n}: {line}"));
    let lines = quoted(source).into_iter().filter(|(_, line)| !stands(&bare(line)));
    lines.map(|(n, line)| format!("{file}:{n}: {}\n    {}", line.trim(), nearest(&bare(line)).unwrap_or_default())).collect()
}

fn sources(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(sources(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

#[test]
fn what_is_quoted_stands_in_the_spec() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = fs::read_to_string(root.join("SPEC.md"))?;
    let (mut count, mut findings) = (0, Vec::new());
    for path in sources(&root.join("src"))? {
        let source = fs::read_to_string(&path)?;
        count += quoted(&source).len();
        findings.extend(drifted(&path.strip_prefix(root).unwrap_or(&path).to_string_lossy(), &source, &spec));
    }
    assert!(findings.is_empty(), "\n{}\n{} lines: quote SPEC.md, or mark the block `condensed`", findings.join("\n"), findings.len());
    assert!(count > 100, "{count} lines are quoted: too few to be all");
    Ok(())
}

#[test]
fn drift_is_found() {
    let spec = "    def life(o): return 0 where none is    # why\n    if k == 0: error reserved-k\n";
    let source = |line: &str| format!("    /// ```text\n    /// {line}        (SPEC.md §10, SES-4)\n    /// ```\n");
    assert!(drifted("a.rs", &source("def life(o): return 0 where  none is"), spec).is_empty());
    assert!(drifted("a.rs", &source("def life(x): return   (condensed)"), spec).is_empty());
    let found = drifted("a.rs", &source("if k == 1: error reserved-k"), spec);
    assert_eq!(found, ["a.rs:2: if k == 1: error reserved-k        (SPEC.md §10, SES-4)\n    SPEC.md:2: if k == 0: error reserved-k"]);
}
