//! Every rule of SPEC.md is cited by a vector or a test, and nothing cites a rule that SPEC.md does not have.
//!
//! The reading is in pure functions over text; the last tests plant each defect and see it found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// A rule's id, such as `KEY-1`: a prefix in capitals and a number.
type Id = String;

/// What SPEC.md says about its rules.
#[derive(Debug, Default, PartialEq)]
struct Spec {
    rules: BTreeSet<Id>,
    /// `DUTY-n`: of people. They may be cited, and need not be.
    duties: BTreeSet<Id>,
    findings: Vec<String>,
}

/// The blocks of a Markdown text, each with the number of its first line: a paragraph, or one item of a list with its
/// continuation lines. Tables, headings and code, fenced or indented by four after a blank line, are left out.
fn blocks(markdown: &str) -> Vec<(usize, String)> {
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let (mut fenced, mut open) = (false, false);
    for (line, number) in markdown.lines().zip(1..) {
        let text = line.trim_start();
        let deep = line.starts_with("    ");
        if text.starts_with("```") {
            (fenced, open) = (!fenced, false);
        } else if fenced || text.is_empty() || text.starts_with('|') || text.starts_with('#') {
            open = false;
        } else if let (true, false, Some((_, block))) = (open, text.starts_with("- "), blocks.last_mut()) {
            block.push(' ');
            block.push_str(text);
        } else if open || !deep {
            blocks.push((number, text.to_owned()));
            open = true;
        }
    }
    blocks
}

/// All `PREFIX-n` of a text that stand free: no letter, digit or hyphen touches them.
fn ids(text: &str) -> Vec<Id> {
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let mut found = Vec::new();
    for (hyphen, _) in text.match_indices('-') {
        let prefix = text[..hyphen].chars().rev().take_while(char::is_ascii_uppercase).count();
        let digits = text[hyphen + 1..].chars().take_while(char::is_ascii_digit).count();
        let (start, end) = (hyphen - prefix, hyphen + 1 + digits);
        let free = !touches(text[..start].chars().next_back()) && !touches(text[end..].chars().next());
        if prefix > 0 && digits > 0 && free {
            found.push(text[start..end].to_owned());
        }
    }
    found
}

/// The ids that a block defines: `**[KEY-1]**`.
fn defined(block: &str) -> Vec<Id> {
    let marks = block.split("**[").skip(1).filter_map(|rest| rest.split_once("]**"));
    marks.map(|(id, _)| id.to_owned()).filter(|id| ids(id) == [id.clone()]).collect()
}

/// Whether a word in capitals stands in the text, alone.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|w| w == word)
}

/// The rules of SPEC.md, and what is wrong with how it states them.
fn read_spec(markdown: &str) -> Spec {
    let mut spec = Spec::default();
    let mut introductions = 0;
    let mut duties = Vec::new();
    for (line, block) in blocks(markdown) {
        let here = defined(&block);
        if block.starts_with("The words MUST, ") {
            introductions += 1; // it explains the words, and shows an id as an example
            continue;
        }
        if has_word(&block, "MUST") && here.is_empty() {
            spec.findings.push(format!("SPEC.md:{line}: a MUST without an id: give it one, `**[ABC-n]**`"));
        }
        if here.len() > 1 {
            spec.findings.push(format!("SPEC.md:{line}: one block defines {}: one id each", here.join(", ")));
        }
        for id in here {
            if !spec.rules.insert(id.clone()) {
                spec.findings.push(format!("SPEC.md:{line}: {id} is defined a second time: number it anew"));
            }
        }
        if let Some(number) = block.strip_prefix("- DUTY-").and_then(|rest| rest.split_once(':')) {
            duties.push(number.0.to_owned());
            spec.duties.insert(format!("DUTY-{}", number.0));
        }
    }
    if introductions != 1 {
        let what = format!("SPEC.md: {introductions} paragraphs, not one, begin 'The words MUST, '");
        spec.findings.push(what);
    }
    let expected: Vec<String> = (1..=duties.len()).map(|n| n.to_string()).collect();
    if duties.is_empty() || duties != expected {
        let what = format!("SPEC.md: the duties are numbered {}: number them 1, 2, 3 ..", duties.join(", "));
        spec.findings.push(what);
    }
    if spec.rules.is_empty() {
        spec.findings.push("SPEC.md: no rule was found".to_owned());
    }
    spec
}

/// What the "rules" arrays of a vector file hold. The arrays hold strings without escapes.
fn cited_by_vector(json: &str) -> Vec<Id> {
    let mut cited = Vec::new();
    for (_, rest) in json.match_indices("\"rules\"").map(|(at, key)| json.split_at(at + key.len())) {
        let array = rest.trim_start().strip_prefix(':').map(str::trim_start).and_then(|r| r.strip_prefix('['));
        let Some((array, _)) = array.and_then(|r| r.split_once(']')) else { continue };
        cited.extend(array.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    cited
}

/// The ids that a test's source cites, in comments and in names of cases alike: those with a prefix SPEC.md uses.
fn cited_by_test(source: &str, prefixes: &BTreeSet<&str>) -> Vec<Id> {
    let ours = |id: &Id| id.split_once('-').is_some_and(|(prefix, _)| prefixes.contains(prefix));
    ids(source).into_iter().filter(ours).collect()
}

/// The prefixes that a SPEC.md uses: `KEY`, `HDR` ..
fn prefixes(spec: &Spec) -> BTreeSet<&str> {
    spec.rules.union(&spec.duties).filter_map(|id| id.split_once('-')).map(|(prefix, _)| prefix).collect()
}

/// What is wrong between SPEC.md and what cites it. The citations are by file.
fn compare(spec: &Spec, citations: &BTreeMap<String, Vec<Id>>) -> Vec<String> {
    let mut findings = Vec::new();
    for (file, cited) in citations {
        for id in cited.iter().collect::<BTreeSet<_>>() {
            if !spec.rules.contains(id) && !spec.duties.contains(id) {
                findings.push(format!("{file} cites {id}, which SPEC.md does not define: correct it"));
            }
        }
    }
    for id in &spec.rules {
        if !citations.values().flatten().any(|cited| cited == id) {
            findings.push(format!("{id} is cited by no vector and no test: write one, and cite it there"));
        }
    }
    findings
}

/// Every file of a directory, and of those below it when `deep`, whose path ends so: (path from the root, text).
fn files(root: &Path, directory: &str, ending: &str, deep: bool) -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root.join(directory))? {
        let entry = entry?;
        let name = format!("{directory}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            if deep {
                found.extend(files(root, &name, ending, deep)?);
            }
        } else if name.ends_with(ending) {
            found.push((name, fs::read_to_string(entry.path())?));
        }
    }
    Ok(found)
}

#[test]
fn every_rule_is_cited() -> io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spec = read_spec(&fs::read_to_string(root.join("SPEC.md"))?);
    let mut citations = BTreeMap::new();
    for (file, json) in files(root, "vectors", ".json", false)? {
        citations.insert(file, cited_by_vector(&json));
    }
    let tests = files(root, "tests", ".rs", false)?.into_iter().chain(files(root, "src", "/tests.rs", true)?);
    for (file, source) in tests.filter(|(file, _)| file != "tests/spec_trace.rs") {
        citations.insert(file, cited_by_test(&source, &prefixes(&spec)));
    }
    let findings = [spec.findings.clone(), compare(&spec, &citations)].concat();
    assert!(findings.is_empty(), "\n{}\n{} findings", findings.join("\n"), findings.len());
    let count: usize = citations.values().map(Vec::len).sum();
    println!("{} rules, each cited; {count} citations", spec.rules.len());
    Ok(())
}

/// A SPEC.md in small, without a defect.
const SOUND: &str = "\
# A protocol

The words MUST, MUST NOT are those of BCP 14. Every rule that uses MUST has an id, such as **[KEY-1]**.

- **[KEY-1]** A key MUST be
  long.
- **[KEY-2]** And it MUST be wiped.
- An item without the word.

    pseudo_code()                                     # what it MUST do is said elsewhere

```
it MUST not be read here either
```

| a table | MUST |
|---|---|

- DUTY-1: keep it.
- DUTY-2: log it.
";

fn owned<T: FromIterator<Id>>(ids: &[&str]) -> T {
    ids.iter().map(|&id| id.to_owned()).collect()
}

/// What `compare` finds for SOUND and these citations of one file.
fn compared(cited: &[&str]) -> Vec<String> {
    let cited = owned(cited);
    compare(&read_spec(SOUND), &BTreeMap::from([("vectors/keys.json".to_owned(), cited)]))
}

/// The one finding about SOUND with `old` replaced by `new`.
fn finding(old: &str, new: &str) -> String {
    assert!(SOUND.contains(old), "{old}");
    let findings = read_spec(&SOUND.replacen(old, new, 1)).findings;
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings[0].clone()
}

#[test]
fn a_sound_text_has_its_rules_and_no_finding() {
    let (rules, duties) = (owned(&["KEY-1", "KEY-2"]), owned(&["DUTY-1", "DUTY-2"]));
    assert_eq!(read_spec(SOUND), Spec { rules, duties, findings: vec![] });
    assert_eq!(prefixes(&read_spec(SOUND)), BTreeSet::from(["KEY", "DUTY"]));
    assert_eq!(compared(&["KEY-2", "KEY-1", "KEY-1", "DUTY-2"]), Vec::<String>::new());
}

#[test]
fn a_must_without_an_id_is_found() {
    assert!(finding("- An item", "- It MUST have an item").contains("SPEC.md:8: a MUST without an id"));
    assert!(finding("**[KEY-2]** And", "And").contains("SPEC.md:7: a MUST without an id"));
    assert!(finding("# A protocol\n", "# A protocol\n\nIt MUST work.\n").contains("SPEC.md:3: a MUST"));
    assert!(finding("- DUTY-1: keep", "- DUTY-1: it MUST keep").contains("a MUST without an id"));
    // In the continuation line of an item, and in a paragraph right below code.
    assert!(finding("without the word.", "that goes\n  on and MUST go on.").contains("SPEC.md:8: a MUST"));
    assert!(finding("either\n```\n", "either\n```\nSo it MUST.\n").contains("a MUST without an id"));
}

#[test]
fn a_second_introduction_is_found() {
    assert!(finding("# A protocol\n", "# A\n\nThe words MUST, again.\n").contains("2 paragraphs"));
    assert!(finding(SOUND.lines().nth(2).unwrap_or_default(), "").contains("0 paragraphs"));
}

#[test]
fn a_duplicate_id_is_found() {
    assert!(finding("**[KEY-2]**", "**[KEY-1]**").contains("KEY-1 is defined a second time"));
    assert!(finding("**[KEY-2]** And", "**[KEY-2]** **[KEY-3]** And").contains("KEY-2, KEY-3: one id each"));
}

#[test]
fn a_gap_in_the_duties_is_found() {
    assert!(finding("DUTY-2", "DUTY-3").contains("numbered 1, 3"));
    assert!(finding("- DUTY-1: keep it.\n- DUTY-2: log it.\n", "").contains("the duties are numbered"));
}

#[test]
fn an_uncited_rule_is_found() {
    assert_eq!(compared(&["KEY-1"]), ["KEY-2 is cited by no vector and no test: write one, and cite it there"]);
    assert_eq!(compared(&[]).len(), 2);
}

#[test]
fn an_unknown_citation_is_found() {
    let unknown = ["vectors/keys.json cites KEY-3, which SPEC.md does not define: correct it"];
    assert_eq!(compared(&["KEY-1", "KEY-2", "KEY-3"]), unknown);
    assert!(compared(&["KEY-1", "KEY-2", "DUTY-3"])[0].contains("cites DUTY-3"));
}

#[test]
fn vectors_cite_in_their_rules_arrays_alone() {
    let json = r#"{"comment": "KEY-1", "rules": ["KEY-2", "KYE-3"], "x": ["HDR-1"], "rules" : [], "rules":["KEY-4"]}"#;
    assert_eq!(cited_by_vector(json), ["KEY-2", "KYE-3", "KEY-4"]);
}

#[test]
fn tests_cite_ids_that_stand_free() {
    let source = "// KEY-1, (HDR-12) \"QR-3\" SHA-256 A-KEY-1 KEY-1-2 XKEY-4 KEY-5x KEY- -6, KEY-7. KEY-8";
    let prefixes = BTreeSet::from(["KEY", "HDR", "QR"]);
    assert_eq!(cited_by_test(source, &prefixes), ["KEY-1", "HDR-12", "QR-3", "KEY-7", "KEY-8"]);
}
