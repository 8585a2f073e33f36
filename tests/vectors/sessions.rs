use offline_reset::{Device, Method, Methods, Origin, Policy, Request, Serial, Slot, hazmat};
use serde_json::Value;
use std::time::Duration;

use crate::device::{Fault, OpenInput, Outcome, Runner, method_name};
use crate::file::{Named, Test};
use crate::ledgers;

fn methods(list: &[Value]) -> Methods {
    match (list.iter().any(|m| m == "dynamic-password"), list.iter().any(|m| m == "secure-code")) {
        (false, false) => Methods::None,
        (true, false) => Methods::DynamicPassword,
        (false, true) => Methods::SecureCode,
        (true, true) => Methods::Both,
    }
}

pub fn policy(t: Test<'_>) -> Policy {
    let policy = Policy::default().with_cap(Duration::from_secs(t.number("cap"))).unwrap();
    let policy = policy.with_methods(Origin::Local, methods(t.list("local")));
    policy.with_methods(Origin::Network, methods(t.list("network")))
}

pub fn play(t: Test<'_>) {
    let device = Device { serial: Serial::new(t.text("serial")).unwrap(), epoch: t.epoch(), policy: policy(Test(t.get("policy"))) };
    let mut runner = Runner { key: t.key(), device, flash: ledgers::slots(t), ledger: None, grant: None };
    let mut failed = false;
    for (i, step) in t.list("steps").iter().map(Test).enumerate() {
        let outcome = take(&mut runner, step);
        let expect = Test(step.get("expect"));
        failed |= outcome.is_err();
        match (&outcome, expected(expect)) {
            (got, expected) if *got == expected => {}
            (got, expected) => panic!("step {i} ({}): {got:?}, where {expected:?} was expected", step.0),
        }
        let state = Test(expect.get("state"));
        let ledger = runner.ledger.as_ref().unwrap();
        let ((seq, boots, resets, local, network), slot) = hazmat::state(ledger);
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
    assert_eq!(failed, t.text("result") == "invalid");
}

fn expected(t: Test<'_>) -> Result<Outcome, Named> {
    if let Some(error) = t.error() {
        Err(error)
    } else if t.has("stores") {
        let t = Test(t.get("stores"));
        Ok(Outcome::Stores([Slot::A, Slot::B][usize::try_from(t.number("slot")).unwrap()], t.array("bytes")))
    } else if t.has("shown") {
        let t = Test(t.get("shown"));
        Ok(Outcome::Shown {
            text: t.get("text").as_str().map(Into::into),
            hdr: u16::from_be_bytes(t.array("hdr")),
            nonce: t.array("nonce"),
            since: t.number("since"),
            wait: t.number("wait"),
            stopped: t.flag("stopped"),
        })
    } else if t.has("grant") {
        let t = Test(t.get("grant"));
        let method = if t.text("method") == method_name(Method::SecureCode) { Method::SecureCode } else { Method::DynamicPassword };
        Ok(Outcome::Grant { origin: t.origin(), purpose: t.purpose() as u8, method, resets: u32::try_from(t.number("resets")).unwrap() })
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
        "submit" => runner.submit(t.origin(), t.text("text"), t.number("now")),
        "confirm" => runner.confirm(Fault::parse(t.text("fault"))),
        "cut" => {
            runner.write(Fault::parse(t.text("fault")));
            Ok(Outcome::Done)
        }
        "admin-login" => runner.admin_login(t.number("now")),
        "close" => runner.close(t.flag("keep")),
        "withdraw" => runner.withdraw(),
        "give-up" => {
            runner.give_up();
            Ok(Outcome::Done)
        }
        "consume-grant" => runner.consume_grant(t.number("now")),
        "flash" => {
            runner.flash[usize::try_from(t.number("slot")).unwrap()] = t.array("bytes");
            Ok(Outcome::Done)
        }
        other => panic!("no operation {other}"),
    }
}
