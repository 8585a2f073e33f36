//! Every rule of SPEC.md is cited by a vector's `rules` or by a test's name, such as `fn sec_1_..`, each part of it where it says MUST
//! more than once; a comment is no citation. Nothing cites a rule that SPEC.md does not have.
//!
//! The reading is in pure functions over text; the last tests plant each defect and see it found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

/// A rule's id, such as `KEY-1`: a prefix in capitals and a number.
type Id = String;

/// For each rule that says MUST more than once, what shows each part: the comment of a vector that cites it, or the name of a test.
const PARTS: &str = "\
KEY-4 | a root of 32 bytes 00 is none | key_4_key_6_a_device_takes_no_key_but_its_own
KEY-5 | the public root | any other serial
KEY-6 | flash has changed bit 255 of the key | the root of another epoch in this slot
LED-1 | genesis | format byte 2 with the right seal
LED-2 | newer in slot 1 | no valid slot: both torn
LED-4 | three resets in one load: seq by two for each, boots once | an administrator's login first after a load carries boots + 1
LED-6 | read-back differs in bit 40 alone: all 32 bytes are compared | the clearing store fails (lost): no Grant, the challenge is gone
SES-1 | uptime beyond 32 bits goes into the nonce with all 64 | giving up the first open's record: the challenge is never shown
SES-2 | shown again keeps its first time: the code's limit still ends then | the mail bit makes another header: it replaces \
| the network does not replace: busy
SES-4 | a challenge does not survive a reboot, though nothing about it is stored | cap 600: withdrawn at the cap, whatever k says
SES-8 | the same right code twice: the challenge is gone after the first | no Grant before the clearing record is read back
SES-12 | eleven seconds back: both origins' waits start anew | ten seconds back: neither origin's wait starts anew
SES-14 | one whole reset at the local screen | cor_2_ses_8_ses_14_types_have_no_way_around
SES-15 | a login ends the wait at the screen, stores nothing, and leaves the challenge and the count \
| the same, 86400 seconds after the last comparison | a login never touches the network: neither its wait, nor its count, nor its stop
SES-16 | closing withdraws the local challenge | closing with keep leaves the local challenge until the cap
SES-19 | the network is allowed again at 100 failures: 20 are left | it never adds failures: 30 stay 30, and the wait is waived
SES-20 | the step that waits tells the session of its submit, and the Grant too (local) | one session at each origin, one after the other: each Grant \
has its own
SES-21 | a right guess of a caller that is gone is finished: the reset is counted, the challenge is gone, and so is the Grant \
| ses_21_a_step_whose_caller_is_gone_is_finished
SEC-2 | sec_2_debug_shows_no_secret | sec_2_holders_end_wiped";

/// What SPEC.md says about its rules.
#[derive(Debug, Default, PartialEq)]
struct Spec {
    /// How often each says MUST.
    rules: BTreeMap<Id, usize>,
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

/// How often MUST stands in the text, alone.
fn musts(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|&word| word == "MUST").count()
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
        if musts(&block) > 0 && here.is_empty() {
            spec.findings.push(format!("SPEC.md:{line}: a MUST without an id: give it one, `**[ABC-n]**`"));
        }
        if here.len() > 1 {
            spec.findings.push(format!("SPEC.md:{line}: one block defines {}: one id each", here.join(", ")));
        }
        for id in here {
            if spec.rules.insert(id.clone(), musts(&block)).is_some() {
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

/// What cites, each as its file and its name there, by rule.
type Citations = BTreeMap<Id, BTreeSet<(String, String)>>;

/// The citations of a vector file: rule and comment.
fn cited_by_vectors(json: &str) -> Vec<(Id, String)> {
    let file: Value = serde_json::from_str(json).unwrap_or_default();
    let groups = file["testGroups"].as_array().into_iter().flatten();
    let tests = groups.flat_map(|group| group["tests"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    tests.flat_map(|test| test["rules"].as_array().into_iter().flatten().map(move |id| (text(id), text(&test["comment"])))).collect()
}

/// The citations of a test's source: those with a prefix SPEC.md uses, in names of functions that run as tests.
fn cited_by_tests(source: &str, prefixes: &BTreeSet<&str>) -> Vec<(Id, String)> {
    let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let mut cited = Vec::new();
    for test in code.join("\n").split("#[test]").skip(1) {
        let Some((attributes, name)) = test.split_once('(').and_then(|(head, _)| head.split_once("fn ")) else { continue };
        let words: Vec<String> = name.split('_').map(str::to_ascii_uppercase).collect();
        let pairs = words.windows(2).filter(|pair| prefixes.contains(pair[0].as_str()) && pair[1].parse::<u32>().is_ok());
        cited.extend(pairs.filter(|_| attributes.trim().is_empty()).map(|pair| (pair.join("-"), name.to_owned())));
    }
    cited
}

/// The prefixes that a SPEC.md uses: `KEY`, `HDR` ..
fn prefixes(spec: &Spec) -> BTreeSet<&str> {
    spec.rules.keys().chain(&spec.duties).filter_map(|id| id.split_once('-')).map(|(prefix, _)| prefix).collect()
}

/// What is wrong between SPEC.md and what cites it.
fn compare(spec: &Spec, citations: &Citations, parts: &str) -> Vec<String> {
    let parts: BTreeMap<&str, BTreeSet<&str>> =
        parts.lines().filter_map(|line| line.split_once(" | ")).map(|(id, names)| (id, names.split(" | ").collect())).collect();
    let mut findings = Vec::new();
    for (id, by) in citations.iter().filter(|(id, _)| !spec.rules.contains_key(*id) && !spec.duties.contains(*id)) {
        findings.extend(by.iter().map(|(file, _)| format!("{file} cites {id}, which SPEC.md does not define: correct it")));
    }
    for (id, &musts) in &spec.rules {
        let Some(by) = citations.get(id) else {
            findings.push(format!("{id} is cited by no vector and no test's name: write one, and cite it there"));
            continue;
        };
        let shown = parts.get(id.as_str()).cloned().unwrap_or_default();
        if musts.max(1) != shown.len().max(1) {
            findings.push(format!("{id} says MUST {musts} times: give PARTS what shows each"));
        }
        for part in shown.iter().filter(|part| !by.iter().any(|(_, name)| name == *part)) {
            findings.push(format!("{id} has '{part}' in PARTS, which does not cite it"));
        }
    }
    findings.extend(parts.keys().filter(|&&id| !spec.rules.contains_key(id)).map(|id| format!("PARTS has {id}: strike it")));
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
    let vectors = files(root, "vectors", ".json", false)?.into_iter().map(|(file, json)| (file, cited_by_vectors(&json)));
    let tests = files(root, "tests", ".rs", true)?.into_iter().chain(files(root, "src", "/tests.rs", true)?);
    let tests =
        tests.filter(|(file, _)| file != "tests/spec_trace.rs").map(|(file, source)| (file, cited_by_tests(&source, &prefixes(&spec))));
    let (mut citations, mut count) = (Citations::new(), 0);
    for (file, cited) in vectors.chain(tests) {
        count += cited.len();
        for (id, name) in cited {
            citations.entry(id).or_default().insert((file.clone(), name));
        }
    }
    let findings = [spec.findings.clone(), compare(&spec, &citations, PARTS)].concat();
    assert!(findings.is_empty(), "\n{}\n{} findings", findings.join("\n"), findings.len());
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

/// What `compare` finds for SOUND and these citations of one file, each by a vector that is called x.
fn compared(cited: &[&str]) -> Vec<String> {
    let by = BTreeSet::from([("vectors/keys.json".to_owned(), "x".to_owned())]);
    compare(&read_spec(SOUND), &cited.iter().map(|&id| (id.to_owned(), by.clone())).collect(), "")
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
    let (rules, duties) = (["KEY-1", "KEY-2"].map(|id| (id.to_owned(), 1)).into(), owned(&["DUTY-1", "DUTY-2"]));
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
    assert_eq!(compared(&["KEY-1"]), ["KEY-2 is cited by no vector and no test's name: write one, and cite it there"]);
    assert_eq!(compared(&[]).len(), 2);
}

#[test]
fn an_unknown_citation_is_found() {
    let unknown = ["vectors/keys.json cites KEY-3, which SPEC.md does not define: correct it"];
    assert_eq!(compared(&["KEY-1", "KEY-2", "KEY-3"]), unknown);
    assert!(compared(&["KEY-1", "KEY-2", "DUTY-3"])[0].contains("cites DUTY-3"));
}

#[test]
fn half_a_rule_is_found() {
    let spec = read_spec(&SOUND.replace("long.", "long and MUST NOT be short."));
    let citations = |names: &[&str]| -> Citations {
        let by = |name: &&str| ("tests/keys.rs".to_owned(), (*name).to_owned());
        ["KEY-1", "KEY-2"].map(|id| (id.to_owned(), names.iter().map(by).collect())).into()
    };
    let findings = |names, parts| compare(&spec, &citations(names), parts);
    assert_eq!(findings(&["long", "short"], "KEY-1 | long | short"), Vec::<String>::new());
    assert_eq!(findings(&["long"], "KEY-1 | long | short"), ["KEY-1 has 'short' in PARTS, which does not cite it"]);
    assert_eq!(findings(&["long"], "KEY-1 | long"), ["KEY-1 says MUST 2 times: give PARTS what shows each"]);
    assert_eq!(findings(&["x", "y"], "KEY-1 | x | y\nKEY-9 | x"), ["PARTS has KEY-9: strike it"]);
}

#[test]
fn vectors_cite_in_their_rules_alone() {
    let json = r#"{"testGroups": [{"tests": [{"comment": "KEY-1", "rules": ["KEY-2", "KYE-3"], "x": ["HDR-1"]}, {"rules": []}]}]}"#;
    assert_eq!(cited_by_vectors(json), ["KEY-2", "KYE-3"].map(|id| (id.to_owned(), "KEY-1".to_owned())));
}

#[test]
fn tests_cite_in_their_names_alone() {
    let source = "
/// KEY-1
#[test]
fn key_2_and_hdr_12_hold() { assert!(\"KEY-3\"); }
fn key_4_helps() {}
// #[test] fn key_5_out() {}
#[test]
#[ignore]
fn key_6_sleeps() {}
#[test]
fn sha_256_and_key_words_hold() {}
";
    let cited: Vec<Id> = cited_by_tests(source, &BTreeSet::from(["KEY", "HDR"])).into_iter().map(|(id, _)| id).collect();
    assert_eq!(cited, ["KEY-2", "HDR-12"]);
}
