//! Every test of every file of vectors/ but accumulated.json. What a test says beyond its inputs is compared as a whole, so
//! that no output goes unread; the sessions' `info`, which is for people, is compared by the crate's own test alone.

use offline_reset_independent::header::{Header, header};
use offline_reset_independent::ledger::Slots;
use offline_reset_independent::session::{Device, Grant, Outcome, Policy, by_handle, check_cap, consume_grant};
use offline_reset_independent::{Error, address, challenge, code, corrections, issue, keys, ledger, qr};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::time::Instant;

#[path = "../../../tests/accumulated/separators.rs"]
mod separators;

/// The outputs, and the error if there is one.
type Ran = (Value, Option<Error>);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn bytes(v: &Value) -> Vec<u8> {
    let s = v.as_str().expect("hex");
    assert!(s.len().is_multiple_of(2));
    (0..s.len()).step_by(2).map(|i| u8::from_str_radix(&s[i..i + 2], 16).expect("hex")).collect()
}

fn array<const N: usize>(v: &Value) -> [u8; N] {
    bytes(v).try_into().expect("the right number of bytes")
}

fn hdr(v: &Value) -> u16 {
    u16::from_be_bytes(array(v))
}

fn hdr_hex(h: u16) -> String {
    hex(&h.to_be_bytes())
}

fn text(v: &Value) -> &str {
    v.as_str().expect("text")
}

/// A number, or a hex string of 16 digits.
fn number(v: &Value) -> u64 {
    v.as_u64().unwrap_or_else(|| u64::from_str_radix(text(v), 16).expect("a number"))
}

fn error_json(e: Error) -> Value {
    let mut m = Map::new();
    m.insert("name".into(), e.name.into());
    if let Some(a) = e.argument {
        m.insert("argument".into(), a.into());
    }
    m.into()
}

fn origin(v: &Value) -> usize {
    match text(v) {
        "local" => 0,
        "network" => 1,
        other => panic!("origin {other}"),
    }
}

fn header_of(t: &Value) -> u16 {
    header(Header {
        purpose: number(&t["purpose"]) as u8,
        epoch: number(&t["epoch"]) as u8,
        origin: origin(&t["origin"]) as u8,
        mail: t["mail"].as_bool().expect("a boolean"),
    })
}

fn or(r: Result<Value, Error>) -> Ran {
    match r {
        Ok(v) => (v, None),
        Err(e) => (json!({}), Some(e)),
    }
}

/// "ORP1", t, m
fn message(t: u8, m: &[u8]) -> Vec<u8> {
    [b"ORP1", &[t][..], m].concat()
}

fn device_key(t: &Value) -> Ran {
    or((|| {
        let (root, s) = (array(&t["root"]), text(&t["serial"]));
        keys::take_root(&root, number(&t["epoch"]))?;
        Ok(json!({"message": hex(&keys::root_message(s)?), "deviceKey": hex(&keys::device_key(&root, s)?)}))
    })())
}

fn take_key(t: &Value) -> Ran {
    (json!({}), keys::take_key(&array(&t["deviceKey"])).err())
}

fn root_check(t: &Value) -> Ran {
    or((|| {
        let (mac, epoch) = (array(&t["mac"]), number(&t["epoch"]));
        let m = keys::root_check_message(epoch)?;
        keys::check_root(&mac, epoch, &bytes(&t["expected"]))?;
        if t["root"].is_string() {
            assert_eq!(keys::hmac(&array(&t["root"]), &m), mac, "the root's MAC");
        }
        Ok(json!({"message": hex(&m)}))
    })())
}

fn device_check(t: &Value) -> Ran {
    or((|| {
        let (k, s) = (array(&t["deviceKey"]), text(&t["serial"]));
        keys::check_device(&k, s, &bytes(&t["check"]))?;
        Ok(json!({"message": hex(&message(8, s.as_bytes())), "mac": hex(&keys::f(&k, 8, s.as_bytes()))}))
    })())
}

fn demonstration_key(t: &Value) -> Ran {
    or(keys::demonstration_key(text(&t["serial"])).map(|k| json!({"deviceKey": hex(&k)})))
}

fn challenge_write(t: &Value) -> Ran {
    or((|| {
        let (k, s, h, nonce) = (array(&t["deviceKey"]), text(&t["serial"]), header_of(t), array(&t["nonce"]));
        let out = challenge::challenge_of(&k, s, h, nonce)?;
        let last: Vec<u8> = out[s.len()..].chars().filter(|&c| c != '-').map(|c| challenge::symbol(c).expect("a symbol")).collect();
        let m = keys::hdr_nonce(h, nonce);
        Ok(json!({
            "hdr": hdr_hex(h), "tagMessage": hex(&message(2, &m)), "tagMac": hex(&keys::f(&k, 2, &m)),
            "tag": challenge::tag(&k, h, nonce), "serialValues": challenge::serial_values(s),
            "symbols14": last[..14], "check": challenge::check_symbols(s, &last[..14]), "text": out,
        }))
    })())
}

fn challenge_read(t: &Value) -> Ran {
    or(challenge::read_challenge(text(&t["text"])).map(|r| {
        json!({"serial": r.serial, "hdr": hdr_hex(r.hdr), "nonce": hex(&r.nonce), "tag": r.tag,
            "canonical": r.text()})
    }))
}

fn challenge_verify(t: &Value) -> Ran {
    let k = array(&t["deviceKey"]);
    let r = challenge::read_challenge(text(&t["text"])).expect("reads well");
    let mac = keys::f(&k, 2, &keys::hdr_nonce(r.hdr, r.nonce));
    (json!({"tagMac": hex(&mac)}), challenge::verify(&k, &r).err())
}

fn corrections_of(t: &Value) -> Ran {
    let r = corrections::corrections(text(&t["text"]));
    or(r.map(|c| json!({"candidates": c})))
}

fn code_write(t: &Value) -> Ran {
    or((|| {
        let (key, h, nonce, k) = (array(&t["deviceKey"]), hdr(&t["hdr"]), array(&t["nonce"]), number(&t["k"]) as u8);
        let out = code::code_text(&key, k, h, nonce)?;
        let digits = code::code_digits(&key, k, h, nonce);
        let m = [vec![k], keys::hdr_nonce(h, nonce)].concat();
        let mac = keys::f(&key, 3, &m);
        Ok(json!({"message": hex(&message(3, &m)), "mac": hex(&mac), "x": hex(&mac[..8]), "digits": digits[1..11],
            "seed": code::seed(nonce), "check": digits[11], "text": out}))
    })())
}

fn code_read(t: &Value) -> Ran {
    or(code::read_code(text(&t["text"])).map(|c| json!({"k": c[0], "digits": c[1..11], "check": c[11]})))
}

fn record_json(r: &ledger::Record) -> Value {
    json!({"seq": r.seq, "boots": r.boots, "resets": r.resets, "fail": r.fail})
}

fn ledger_seal(t: &Value) -> Ran {
    let v = &t["record"];
    let r = ledger::Record {
        seq: number(&v["seq"]) as u32,
        boots: number(&v["boots"]) as u32,
        resets: number(&v["resets"]) as u32,
        fail: [number(&v["fail"][0]) as u8, number(&v["fail"][1]) as u8],
    };
    let k = array(&t["deviceKey"]);
    let sealed = ledger::seal(&k, &r);
    (json!({"bytes": hex(&sealed[..16]), "mac": hex(&keys::f(&k, 6, &sealed[..16])), "sealed": hex(&sealed)}), None)
}

fn slot_state(k: &[u8; 32], slot: &[u8; 32]) -> &'static str {
    if ledger::unseal(k, slot).is_some() {
        "valid"
    } else if *slot == [0; 32] || *slot == [0xff; 32] {
        "blank"
    } else {
        "damaged"
    }
}

/// A test is invalid, without an error, when nothing is unsealed (or, of Load, when the ledger is lost).
const INVALID: Error = Error { name: "", argument: None };

fn ledger_unseal(t: &Value) -> Ran {
    let (k, slot): ([u8; 32], [u8; 32]) = (array(&t["deviceKey"]), array(&t["slot"]));
    let mut out = json!({"state": slot_state(&k, &slot), "mac": hex(&keys::f(&k, 6, &slot[..16]))});
    let r = ledger::unseal(&k, &slot);
    if let Some(r) = &r {
        out["record"] = record_json(r);
    }
    (out, r.is_none().then_some(INVALID))
}

fn slots_of(v: &Value) -> Slots {
    assert_eq!(v.as_array().map(Vec::len), Some(2));
    [array(&v[0]), array(&v[1])]
}

fn ledger_load(t: &Value) -> Ran {
    let (k, slots) = (array(&t["deviceKey"]), slots_of(&t["slots"]));
    let l = ledger::load(&k, &slots, 0);
    let mut out = record_json(&l.record);
    out["states"] = json!([slot_state(&k, &slots[0]), slot_state(&k, &slots[1])]);
    out["slot"] = l.slot.into();
    out["lost"] = l.lost.into();
    (out, l.lost.then_some(INVALID))
}

fn qr_write(t: &Value) -> Ran {
    or((|| {
        let (k, s, h, nonce) = (array(&t["deviceKey"]), text(&t["serial"]), header_of(t), array(&t["nonce"]));
        let address = t["address"].as_str().map(str::as_bytes);
        let url = Some(text(&t["prefix"])).filter(|p| *p != "ORP1:");
        let out = qr::write_qr(&k, s, h, nonce, address, url)?;
        let pad = address.map_or(Ok(Vec::new()), address::pad)?;
        let (tag, sealed) = address::seal(&k, h, nonce, address)?;
        let mac = keys::f(&k, 4, &[keys::hdr_nonce(h, nonce), pad.clone()].concat());
        Ok(json!({"hdr": hdr_hex(h), "pad": hex(&pad), "tagMac": hex(&mac), "T": hex(&tag), "sealed": hex(&sealed),
            "payload": hex(&qr::payload(&k, s, h, nonce, address)?), "text": out}))
    })())
}

fn qr_read(t: &Value) -> Ran {
    or(qr::read_qr(text(&t["text"]))
        .map(|q| json!({"serial": q.serial, "hdr": hdr_hex(q.hdr), "nonce": hex(&q.nonce), "T": hex(&q.t), "sealed": hex(&q.sealed)})))
}

fn qr_verify(t: &Value) -> Ran {
    let q = qr::read_qr(text(&t["text"])).expect("reads well");
    or(qr::verify_qr(&array(&t["deviceKey"]), &q).map(|a| json!({"address": a})))
}

fn email_seal(t: &Value) -> Ran {
    or((|| {
        let (k, h, nonce) = (array(&t["deviceKey"]), hdr(&t["hdr"]), array(&t["nonce"]));
        let address = t["address"].as_str().map(str::as_bytes);
        let (tag, sealed) = address::seal(&k, h, nonce, address)?;
        let pad = address.map_or(Ok(Vec::new()), address::pad)?;
        let mac = keys::f(&k, 4, &[keys::hdr_nonce(h, nonce), pad.clone()].concat());
        let stream = address::xor_stream(&k, &tag, &vec![0; pad.len().div_ceil(32) * 32]);
        let blocks: Vec<String> = stream.chunks(32).map(hex).collect();
        Ok(json!({"pad": hex(&pad), "tagMac": hex(&mac), "T": hex(&tag), "blocks": blocks, "sealed": hex(&sealed)}))
    })())
}

fn email_open(t: &Value) -> Ran {
    let k = array(&t["deviceKey"]);
    let q =
        qr::ReadQr { serial: "A".into(), hdr: hdr(&t["hdr"]), nonce: array(&t["nonce"]), t: array(&t["T"]), sealed: bytes(&t["sealed"]) };
    let mut out = json!({"pad": hex(&address::xor_stream(&k, &q.t, &q.sealed))});
    match qr::verify_qr(&k, &q) {
        Ok(a) => {
            out["address"] = json!(a);
            (out, None)
        }
        Err(e) => (out, Some(e)),
    }
}

fn email_mask(t: &Value) -> Ran {
    or(address::mask(text(&t["address"])).map(|m| json!({"masked": m})))
}

fn email_address(t: &Value) -> Ran {
    let fine = address::valid_address(&bytes(&t["address"]));
    (json!({}), (!fine).then_some(Error { name: "address", argument: None }))
}

/// The code, the address if there is one.
fn answer(t: &Value) -> Ran {
    let (k, code) = (number(&t["k"]) as u8, text(&t["text"]));
    let key = array(&t["deviceKey"]);
    or(if code.starts_with("ORP1:") {
        issue::answer_qr(&key, &qr::read_qr(code).expect("reads well"), k).map(|(code, _)| json!({"code": code}))
    } else {
        issue::answer(&key, &challenge::read_challenge(code).expect("reads well"), k).map(|code| json!({"code": code}))
    })
}

fn secure_code(t: &Value) -> Ran {
    let q = qr::read_qr(text(&t["text"])).expect("reads well");
    let r = issue::secure_code(&array(&t["deviceKey"]), &q, number(&t["k"]) as u8);
    or(r.map(|(address, code)| json!({"address": address, "code": code})))
}

fn state(d: &Device) -> Value {
    let mut s = record_json(&d.ledger.record);
    s["session"] = d.ledger.pending.as_ref().and_then(|p| p.then.session()).into();
    s["slot"] = d.ledger.slot.into();
    s["poisoned"] = d.ledger.poisoned.into();
    s
}

fn policy(v: &Value) -> Policy {
    let allowed = |v: &Value| {
        let mut a = [false; 2];
        for m in v.as_array().expect("methods") {
            a[match text(m) {
                "dynamic-password" => 0,
                "secure-code" => 1,
                other => panic!("method {other}"),
            }] = true;
        }
        a
    };
    Policy { cap: number(&v["cap"]), allowed: [allowed(&v["local"]), allowed(&v["network"])] }
}

fn write_with_fault(slot: &mut [u8; 32], new: &[u8; 32], fault: &str) {
    if fault == "none" {
        *slot = *new;
    } else if fault == "erased" {
        *slot = [0xff; 32];
    } else if let Some(n) = fault.strip_prefix("torn:") {
        let n: usize = n.parse().expect("a number");
        slot[..n].copy_from_slice(&new[..n]);
    } else if let Some(b) = fault.strip_prefix("flip:") {
        let b: usize = b.parse().expect("a number");
        *slot = *new;
        slot[b / 8] ^= 0x80 >> (b % 8);
    } else {
        assert_eq!(fault, "lost");
    }
}

fn outcome_json(r: Result<Outcome, Error>, grant: &mut Option<Grant>) -> Value {
    match r {
        Err(e) => json!({"error": error_json(e)}),
        Ok(Outcome::Stores { slot, bytes }) => json!({"stores": {"slot": slot, "bytes": hex(&bytes)}}),
        Ok(Outcome::Shown { hdr, nonce, wait, stopped, text, shown }) => {
            json!({"shown": {"text": text, "hdr": hdr_hex(hdr), "nonce": hex(&nonce), "since": shown, "wait": wait, "stopped": stopped}})
        }
        Ok(Outcome::Grant(g)) => {
            let method = ["dynamic-password", "secure-code"][usize::from(g.method)];
            let origin = ["local", "network"][usize::from(g.origin)];
            let v = json!({"grant": {"origin": origin, "purpose": g.purpose, "method": method, "resets": g.resets,
                "session": g.session, "handle": hex(&g.handle)}});
            *grant = Some(g);
            v
        }
        Ok(Outcome::Done) => json!({"done": true}),
    }
}

/// Session: every step's `expect` is compared here, and the first difference ends the transcript.
fn session(t: &Value) -> Result<Ran, String> {
    let key = array(&t["deviceKey"]);
    let mut flash = slots_of(&t["slots"]);
    let mut device: Option<Device> = None;
    let mut grant: Option<Grant> = None;
    let mut an_error = false;
    for (i, step) in t["steps"].as_array().expect("steps").iter().enumerate() {
        let op = text(&step["op"]);
        let now = || number(&step["now"]);
        if op == "load" {
            let epoch = number(&t["epoch"]) as u8;
            let d = Device::load(key, text(&t["serial"]), epoch, policy(&t["policy"]), &flash, now());
            device = Some(d.map_err(|e| e.to_string())?);
            grant = None;
        }
        let d = device.as_mut().expect("a load first");
        let r = match op {
            "load" => Ok(Outcome::Done),
            "open" => {
                let mail = step["mail"].as_bool().expect("a boolean");
                d.open(origin(&step["origin"]), number(&step["purpose"]) as u8, mail, &array(&step["entropy"]), now(), &flash)
            }
            "submit" => d.submit(origin(&step["origin"]), number(&step["session"]) as u32, text(&step["text"]), now(), &flash),
            "confirm" | "cut" => {
                if let Some(p) = &d.ledger.pending {
                    write_with_fault(&mut flash[p.target], &p.bytes, text(&step["fault"]));
                }
                if op == "confirm" { d.confirm(&flash) } else { Ok(Outcome::Done) }
            }
            "finish" => {
                d.finish(|slot, bytes| {
                    flash[slot] = *bytes;
                    Some(flash)
                });
                Ok(Outcome::Done)
            }
            "admin-login" => d.admin_login(now(), &flash),
            "allow-again" => d.allow_again(now(), &flash),
            "close" => d.close(step["keep"].as_bool().expect("a boolean")),
            "withdraw" => d.withdraw(),
            "give-up" => {
                d.ledger.give_up();
                Ok(Outcome::Done)
            }
            "consume-grant" => consume_grant(grant.take().expect("a Grant"), now()).map(|()| Outcome::Done),
            "consume-by-handle" => {
                let mut grants: Vec<Grant> = grant.take().into_iter().collect();
                let named = by_handle(&mut grants, &array(&step["handle"]));
                grant = grants.pop();
                named.and_then(|g| consume_grant(g, now())).map(|()| Outcome::Done)
            }
            "flash" => {
                flash[number(&step["slot"]) as usize] = array(&step["bytes"]);
                Ok(Outcome::Done)
            }
            other => panic!("op {other}"),
        };
        an_error |= r.is_err();
        let mut got = outcome_json(r, &mut grant);
        got["state"] = state(d);
        if got != step["expect"] {
            return Err(format!("step {i} ({op}): got {got}, expected {}", step["expect"]));
        }
    }
    Ok((json!({}), an_error.then_some(INVALID)))
}

fn lesson(t: &Value) -> Result<Ran, String> {
    let v = &t["vector"];
    match text(&t["kind"]) {
        "DistinctCodes" => {
            let mut seen = BTreeSet::new();
            for c in v["codes"].as_array().expect("codes") {
                let (key, h, nonce, k) = (array(&c["deviceKey"]), hdr(&c["hdr"]), array(&c["nonce"]), number(&c["k"]) as u8);
                let got = code::code_text(&key, k, h, nonce).map_err(|e| e.to_string())?;
                if got != text(&c["text"]) {
                    return Err(format!("got {got}, expected {}", c["text"]));
                }
                if !seen.insert(code::code_digits(&key, k, h, nonce)[1..11].to_vec()) {
                    return Err("equal digits".into());
                }
            }
        }
        "DistinctKeys" => {
            let mut seen = BTreeSet::new();
            let (serials, keys_) = (v["serials"].as_array().expect("serials"), v["keys"].as_array().expect("keys"));
            assert_eq!(serials.len(), keys_.len());
            for (s, k) in serials.iter().zip(keys_) {
                let got = keys::device_key(&array(&v["root"]), text(s)).map_err(|e| e.to_string())?;
                if got != array(k) || !seen.insert(got) {
                    return Err(format!("key of {s}"));
                }
            }
        }
        kind => {
            run(kind, v)?;
            if v["result"] != t["result"] {
                return Err(format!("the vector's result is {}", v["result"]));
            }
            return Ok((json!({}), (v["result"] == "invalid").then_some(INVALID)));
        }
    }
    Ok((json!({}), None))
}

/// Runs one test, and compares everything in it that is not an input.
fn run(kind: &str, t: &Value) -> Result<(), String> {
    let (inputs, ran): (&[&str], Ran) = match kind {
        "DeviceKey" => (&["root", "epoch", "serial"], device_key(t)),
        "TakeKey" => (&["deviceKey"], take_key(t)),
        "RootCheck" => (&["root", "epoch", "mac", "expected"], root_check(t)),
        "DeviceCheck" => (&["deviceKey", "serial", "check"], device_check(t)),
        "DemonstrationKey" => (&["serial"], demonstration_key(t)),
        "ChallengeWrite" => (&["deviceKey", "serial", "purpose", "epoch", "origin", "mail", "nonce"], challenge_write(t)),
        "ChallengeRead" => (&["text"], challenge_read(t)),
        "ChallengeVerify" => (&["deviceKey", "text"], challenge_verify(t)),
        "Corrections" => (&["text"], corrections_of(t)),
        "CodeWrite" => (&["deviceKey", "hdr", "nonce", "k"], code_write(t)),
        "CodeRead" => (&["text"], code_read(t)),
        "Seal" if t.get("record").is_some() => (&["deviceKey", "record"], ledger_seal(t)),
        "Seal" => (&["deviceKey", "hdr", "nonce", "address"], email_seal(t)),
        "Unseal" => (&["deviceKey", "slot"], ledger_unseal(t)),
        "Load" => (&["deviceKey", "slots"], ledger_load(t)),
        "Session" => (&["serial", "deviceKey", "epoch", "policy", "slots", "steps"], session(t)?),
        "Policy" => (&["cap"], (json!({}), check_cap(number(&t["cap"])).err())),
        "Answer" => (&["deviceKey", "text", "k"], answer(t)),
        "SecureCode" => (&["deviceKey", "text", "k"], secure_code(t)),
        "QrWrite" => (&["deviceKey", "serial", "purpose", "epoch", "origin", "mail", "nonce", "address", "prefix"], qr_write(t)),
        "QrRead" => (&["text"], qr_read(t)),
        "QrVerify" => (&["deviceKey", "text"], qr_verify(t)),
        "Open" => (&["deviceKey", "hdr", "nonce", "T", "sealed"], email_open(t)),
        "Mask" => (&["address"], email_mask(t)),
        "Address" => (&["address"], email_address(t)),
        "Lesson" => (&["scheme", "lesson", "kind", "vector"], lesson(t)?),
        other => panic!("group {other}"),
    };
    let (mut got, error) = ran;
    got["result"] = if error.is_some() { "invalid" } else { "valid" }.into();
    if let Some(e) = error.filter(|e| *e != INVALID) {
        got["error"] = error_json(e);
    }
    let mut expected = t.clone();
    let object = expected.as_object_mut().expect("a test");
    for name in ["tcId", "comment", "flags", "rules"].iter().chain(inputs) {
        object.remove(*name);
    }
    if got == expected { Ok(()) } else { Err(format!("got {got}, expected {expected}")) }
}

fn file(name: &str) {
    let path = format!("{}/../../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let Ok(content) = std::fs::read_to_string(&path) else {
        println!("{name}: there is no such file");
        return;
    };
    let all: Value = serde_json::from_str(&content).expect("JSON");
    let (mut ran, mut failed) = (0, 0);
    let mut ids = BTreeSet::new();
    let start = Instant::now();
    for group in all["testGroups"].as_array().expect("groups") {
        for t in group["tests"].as_array().expect("tests") {
            ran += 1;
            assert!(ids.insert(number(&t["tcId"])), "tcId twice");
            let kind = text(&group["type"]);
            let r = std::panic::catch_unwind(|| run(kind, t)).unwrap_or_else(|_| Err("panic".into()));
            if let Err(e) = r {
                failed += 1;
                println!("{name} {kind} {} ({}): {e}", t["tcId"], t["comment"]);
            }
        }
    }
    println!("{name}: {ran} tests, {failed} failed, {:?}", start.elapsed());
    assert_eq!(all["numberOfTests"], json!(ran), "numberOfTests");
    assert_eq!(failed, 0, "{name}");
}

macro_rules! files {
    ($($name:ident)*) => { mod files { $( #[test] fn $name() { super::file(stringify!($name)); } )* } };
}

files! { keys challenge_write challenge_read corrections codes ledger sessions qr email issuing lessons }

#[test]
fn separators_are_those_that_the_specification_lists() {
    let listed = separators::separators();
    ('\0'..=char::MAX).for_each(|ch| assert_eq!(challenge::is_separator(ch), listed.contains(&ch), "{ch:?}"));
}

#[test]
fn answers_of_both_kinds_agree() {
    let (root, s, nonce) = ([7; 32], "SN1", [1, 2, 3, 4, 5]);
    let h = header(Header { purpose: 0, epoch: 0, origin: 0, mail: true });
    let key = keys::device_key(&root, s).unwrap();
    let typed = challenge::read_challenge(&challenge::challenge_of(&key, s, h, nonce).unwrap()).unwrap();
    let scanned = qr::read_qr(&qr::write_qr(&key, s, h, nonce, Some(b"a@b.nl"), None).unwrap()).unwrap();
    let code = issue::answer(&key, &typed, 6).unwrap();
    assert_eq!(issue::secure_code(&key, &scanned, 6).unwrap(), ("a@b.nl".to_string(), code));
}

/// The slowest inputs of corrections.
#[test]
fn corrections_are_fast_enough() {
    let whole = "A".repeat(20) + "0123456789ABCDEFGHJK";
    let marked = "????".to_string() + &whole[4..];
    for text in [&whole, &whole[..39], &whole[1..], &marked] {
        let start = Instant::now();
        let r = corrections::corrections(text);
        println!("{text}: {r:?} {:?}", start.elapsed());
    }
}

/// `corrections` by its pseudo-code as it stands: every way is read in full.
fn corrections_as_written(text: &str) -> Result<Vec<String>, Error> {
    const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    fn ways(s: &mut Vec<char>, places: &[usize], consider: &mut dyn FnMut(&[char])) {
        let Some((&i, rest)) = places.split_first() else { return consider(s) };
        let before = s[i];
        for c in if i + 20 >= s.len() { CROCKFORD } else { ALL }.chars() {
            s[i] = c;
            ways(s, rest, consider);
        }
        s[i] = before;
    }
    let error = |name, n: usize| Err(Error { name, argument: Some(n as u64) });
    let mut s: Vec<char> = challenge::normalise(text, 256)?.into_iter().map(|(ch, _)| ch).collect();
    if s.is_empty() {
        return Err(Error { name: "empty", argument: None });
    }
    if challenge::read_challenge(text).is_ok() {
        return Ok(vec![]);
    }
    let n = s.len();
    let mut found = BTreeSet::new();
    let mut consider = |chars: &[char]| {
        if let Ok(r) = challenge::read_challenge(&chars.iter().collect::<String>()) {
            found.insert(r.text());
        }
    };
    let marks: Vec<usize> = (0..n).filter(|&i| !ALL.contains(s[i]) || (s[i] == 'U' && i + 20 >= n)).collect();
    if marks.len() > 4 {
        return error("unreadable", marks.len());
    }
    let only_u = marks.iter().all(|&i| s[i] == 'U');
    if !(20..=41).contains(&n) || (!only_u && !(21..=40).contains(&n)) {
        return error("length", n);
    }
    if (21..=40).contains(&n) {
        if marks.is_empty() {
            for i in 0..n {
                for j in i + 1..n {
                    ways(&mut s, &[i, j], &mut consider); // one place among them
                }
            }
        } else {
            ways(&mut s, &marks, &mut consider);
        }
    }
    if only_u {
        if n < 40 {
            for i in 0..=n {
                for c in ALL.chars() {
                    let mut t = s.clone();
                    t.insert(i, c);
                    consider(&t);
                }
            }
        }
        if n > 21 {
            for i in 0..n {
                let mut t = s.clone();
                t.remove(i);
                consider(&t);
            }
        }
    }
    if found.len() > 4 {
        return Err(Error { name: "ambiguous", argument: None });
    }
    Ok(found.into_iter().collect())
}

#[test]
fn corrections_are_those_of_the_pseudo_code() {
    let key = [9; 32];
    let h = header(Header { purpose: 1, epoch: 3, origin: 0, mail: true });
    for (serial, nonce) in [("7", [0, 1, 2, 3, 4]), ("U0", [0xff; 5]), ("AB3", [0x80, 7, 0, 0, 1])] {
        let right = challenge::challenge_of(&key, serial, h, nonce).unwrap().replace('-', "");
        let n = right.len();
        let put = |text: &str, at: usize, c: char| text[..at].to_string() + &c.to_string() + &text[at + 1..];
        let mut texts = vec![
            put(&right, 0, 'Q'),
            put(&put(&right, n - 1, 'L'), 2, 'O'),
            put(&put(&right, 0, 'I'), n - 20, 'Z'),
            put(&put(&put(&right, 0, 'I'), n - 20, 'Z'), 9, '2'),
            put(&put(&right, 5, '?'), 0, '?'),
            put(&put(&put(&right, 5, '?'), n - 3, 'U'), 12, '*'),
            right[1..].to_string(),
            right[..7].to_string() + &right[8..],
            right.clone() + "0",
            right[..4].to_string() + "4" + &right[4..],
            right[..n - 3].to_string() + &right[n - 2..], // U0: its U is no mark, but stands first of the last 20
            right[..n - 3].to_string() + "U" + &right[n - 3..], // a U too many
        ];
        texts.retain(|t| t.chars().count() == t.len());
        for text in texts {
            assert_eq!(corrections::corrections(&text), corrections_as_written(&text), "{text}");
        }
    }
}

/// The worked example of SPEC §19, by name.
#[test]
fn worked_example() {
    let path = format!("{}/../../SPEC.md", env!("CARGO_MANIFEST_DIR"));
    let spec = std::fs::read_to_string(path).expect("SPEC.md");
    let part = spec.split("<!-- example:begin -->").nth(1).and_then(|s| s.split("<!-- example:end -->").next());
    let part = part.expect("the example's marks");
    let mut values: Vec<(String, String)> = Vec::new();
    for line in part.lines() {
        if let Some(more) = line.strip_prefix("                  ") {
            values.last_mut().expect("a value before").1 += more;
        } else if let Some((name, value)) = line.split_once(" = ") {
            values.push((name.trim().to_string(), value.to_string()));
        }
    }
    if values.is_empty() {
        println!("the example is not written yet");
        return;
    }
    let all = |name: &str| -> Vec<String> { values.iter().filter(|v| v.0 == name).map(|v| v.1.clone()).collect() };
    let one = |name: &str| all(name)[0].clone();
    let from = |name: &str| json!(one(name));
    let (serial, d) = (one("serial"), keys::device_key(&array(&from("R[0]")), &one("serial")).unwrap());
    assert_eq!(hex(&d), one("D"));
    assert_eq!(hex(&keys::key_check(&d, &serial)), one("check of D"));
    let root_mac = keys::hmac(&array(&from("R[0]")), &keys::root_check_message(0).unwrap());
    assert_eq!(hex(&root_mac[..4]), one("check of R[0]"));
    let genesis = ledger::seal(&d, &ledger::GENESIS);
    assert_eq!(hex(&genesis), one("slot 0"));
    let mut flash = [genesis, [0; 32]];
    let mut device = Device::load(d, &serial, 0, Policy::default(), &flash, 0).unwrap();
    let mut store = |outcome: Outcome, name: &str| {
        let Outcome::Stores { slot, bytes } = outcome else { panic!("{outcome:?}") };
        flash[slot] = bytes;
        let said = one(name);
        assert!(said.starts_with(&format!("slot {slot}: ")) && said.ends_with(&hex(&bytes)), "{name}: {}", hex(&bytes));
        flash
    };
    let first = device.open(0, 0, true, &array(&from("entropy")), 30, &[genesis, [0; 32]]).unwrap();
    let slots = store(first, "record stored");
    let Outcome::Shown { hdr, nonce, wait: 0, text: Some(text), .. } = device.confirm(&slots).unwrap() else { panic!() };
    assert_eq!((hdr_hex(hdr), hex(&nonce)), (one("hdr"), one("nonce")));
    assert_eq!(text, all("text")[0]);
    let address = Some(&b"jan@example.nl"[..]);
    assert_eq!(qr::write_qr(&d, &serial, hdr, nonce, address, None).unwrap(), all("text")[1]);
    let url = "HTTPS://RESET.EXAMPLE.COM/R/";
    assert_eq!(qr::write_qr(&d, &serial, hdr, nonce, address, Some(url)).unwrap(), one("by URL"));
    let code = code::code_text(&d, 2, hdr, nonce).unwrap();
    assert_eq!(code, one("code"));
    let attempt = device.submit(0, 7, &code, 200, &slots).unwrap();
    let slots = store(attempt, "attempt stored");
    let reset = device.confirm(&slots).unwrap();
    let slots = store(reset, "reset stored");
    let Outcome::Grant(grant) = device.confirm(&slots).unwrap() else { panic!() };
    assert_eq!(grant, Grant { origin: 0, purpose: 0, method: 0, resets: 1, at: 200, session: 7, handle: array(&from("handle")) });
    consume_grant(grant, 799).unwrap();
}
