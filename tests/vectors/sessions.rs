use offline_reset::{Device, Header, Method, Methods, Origin, Policy, Request, Serial, Slot, Term, hazmat};
use std::time::Duration;

use crate::device::{Fault, OpenInput, Outcome, Runner, method_name};
use crate::file::{Named, Test, named};
use crate::ledgers;

fn methods(t: Test<'_>, origin: &str) -> Methods {
    let list: Vec<Method> = t.list(origin).iter().map(|name| method(name.as_str().unwrap())).collect();
    match list[..] {
        [] => Methods::None,
        [Method::DynamicPassword] => Methods::DynamicPassword,
        [Method::SecureCode] => Methods::SecureCode,
        _ => Methods::Both,
    }
}

fn method(name: &str) -> Method {
    [Method::DynamicPassword, Method::SecureCode].into_iter().find(|&method| method_name(method) == name).unwrap()
}

pub fn policy(t: Test<'_>) -> Policy {
    let policy = Policy::default().with_cap(Duration::from_secs(t.number("cap"))).unwrap();
    let policy = policy.with_methods(Origin::Local, methods(t, "local"));
    policy.with_methods(Origin::Network, methods(t, "network"))
}

pub fn cap(t: Test<'_>) {
    let policy = Policy::default().with_cap(Duration::from_secs(t.number("cap"))).map_err(|e| named(e.name()));
    if let Some(policy) = t.expect(policy) {
        assert_eq!(policy.cap().as_secs(), t.number("cap"));
    }
}

pub fn play(t: Test<'_>) {
    let device = Device { serial: Serial::new(t.text("serial")).unwrap(), epoch: t.epoch(), policy: policy(t.part("policy").unwrap()) };
    let mut runner = Runner { key: t.key(), device, flash: ledgers::slots(t), ledger: None, grant: None };
    let (mut failed, mut info) = (false, Info::default());
    for (i, step) in t.each("steps").enumerate() {
        if let Some(said) = step.part("info") {
            info.before(&runner, step, said);
        }
        let outcome = take(&mut runner, step);
        let expect = step.part("expect").unwrap();
        failed |= outcome.is_err();
        assert_eq!(outcome, expected(expect), "step {i}");
        info.after(&outcome);
        let state = expect.part("state").unwrap();
        let ledger = runner.ledger.as_mut().unwrap();
        let session = ledger.resume().ok().and_then(|step| step.session());
        assert_eq!(&serde_json::json!(session), state.get("session"), "step {i}");
        let (hazmat::Fields { seq, boots, resets, local, network }, slot) = hazmat::state(ledger);
        assert_eq!(
            [seq.into(), boots.into(), resets.into(), slot as u64],
            [state.number("seq"), state.number("boots"), state.number("resets"), state.number("slot")],
            "step {i}"
        );
        assert_eq!(vec![local, network], state.numbers("fail"), "step {i}");
        assert_eq!(ledger.is_poisoned(), state.flag("poisoned"), "step {i}");
        assert_eq!([ledger.failures(Origin::Local), ledger.failures(Origin::Network)], [local, network]);
        assert_eq!(ledger.resets(), resets);
    }
    t.result(!failed);
}

/// What a transcript says for people: the message that a nonce is of, and the right digits for what is shown.
#[derive(Default)]
struct Info {
    minted: Option<[u8; 5]>,
    shown: [Option<(Header, [u8; 5])>; 2],
}

impl Info {
    fn before(&mut self, runner: &Runner, step: Test<'_>, said: Test<'_>) {
        if step.text("op") == "open" {
            let message = said.bytes("nonceMessage");
            let (_, loaded) = message.split_at(5);
            assert_eq!((&message[..5], &message[21..]), (&b"ORP1\x01"[..], &step.bytes("entropy")[..]));
            self.minted = hazmat::f(&runner.key, 1, loaded).first_chunk().copied();
        } else {
            let (header, nonce) = self.shown[step.origin() as usize].unwrap();
            let k = hazmat::read_code(step.text("text")).unwrap()[0];
            let challenge = hazmat::challenge(Serial::new("ANY").unwrap(), header, nonce);
            let code = hazmat::answer(&runner.key, &challenge, Term::from_k(k).unwrap());
            assert_eq!(hazmat::read_code(code.reveal()).unwrap().to_vec(), said.numbers("digits"));
        }
    }

    fn after(&mut self, outcome: &Result<Outcome, Named>) {
        if let Ok(Outcome::Shown { hdr, nonce, .. }) = outcome {
            let header = hazmat::read_header(*hdr).unwrap();
            assert_eq!(self.minted.take().unwrap_or(*nonce), *nonce);
            self.shown[header.origin() as usize] = Some((header, *nonce));
        }
    }
}

fn expected(t: Test<'_>) -> Result<Outcome, Named> {
    if let Some(error) = t.error() {
        Err(error)
    } else if let Some(t) = t.part("stores") {
        Ok(Outcome::Stores([Slot::A, Slot::B][usize::try_from(t.number("slot")).unwrap()], t.array("bytes")))
    } else if let Some(t) = t.part("shown") {
        Ok(Outcome::Shown {
            text: t.get("text").as_str().map(Into::into),
            hdr: u16::from_be_bytes(t.array("hdr")),
            nonce: t.array("nonce"),
            since: t.number("since"),
            wait: t.number("wait"),
            stopped: t.flag("stopped"),
        })
    } else if let Some(t) = t.part("grant") {
        let word = |field| u32::try_from(t.number(field)).unwrap();
        let (method, resets, session) = (method(t.text("method")), word("resets"), word("session"));
        Ok(Outcome::Grant { origin: t.origin(), purpose: t.purpose() as u8, method, resets, session, handle: t.array("handle") })
    } else {
        assert!(t.flag("done"));
        Ok(Outcome::Done)
    }
}

fn take(runner: &mut Runner, t: Test<'_>) -> Result<Outcome, Named> {
    match t.text("op") {
        "load" => Ok(runner.load(t.number("now"))),
        "open" => runner.open(&OpenInput {
            origin: t.origin(),
            request: Request { purpose: t.purpose(), address_on_file: t.flag("mail") },
            entropy: t.array("entropy"),
            now: t.number("now"),
        }),
        "submit" => runner.submit(t.origin(), u32::try_from(t.number("session")).unwrap(), t.text("text"), t.number("now")),
        "confirm" => runner.confirm(Fault::parse(t.text("fault"))),
        "cut" => {
            runner.write(Fault::parse(t.text("fault")));
            Ok(Outcome::Done)
        }
        "finish" => Ok(runner.finish()),
        "allow-again" => runner.allow_again(t.number("now")),
        "admin-login" => runner.admin_login(t.number("now")),
        "close" => runner.close(t.flag("keep")),
        "withdraw" => runner.withdraw(),
        "give-up" => {
            runner.give_up();
            Ok(Outcome::Done)
        }
        "consume-grant" => runner.consume_grant(t.number("now")),
        "consume-by-handle" => runner.consume_by_handle(&t.array("handle"), t.number("now")),
        "flash" => {
            runner.flash[usize::try_from(t.number("slot")).unwrap()] = t.array("bytes");
            Ok(Outcome::Done)
        }
        other => panic!("no operation {other}"),
    }
}
