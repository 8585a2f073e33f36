//! What is explored: where each exploration starts, what may happen in it, how far it goes, and what has to be reached.

use crate::orp::{Closing, DeviceKey, Ledger, Methods, Origin, Policy, Purpose, Slots, Term, hazmat};
use crate::world::{Action, ORIGINS, PROMISES, Place, Typed, World, Write};
use core::time::Duration;
use stateright::{Checker, HasDiscoveries, Model, Property};
use std::sync::atomic::Ordering;
use std::time::Instant;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Second {
    Never,
    /// Another process loads, or is a copy of the first one's RAM; both keep the lock of DUTY-13.
    Locked,
    /// Without the lock: what SPEC.md does not promise.
    Unlocked,
}

/// Where the flash stands at the beginning.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// As the factory leaves it.
    Genesis,
    /// Failures at the screen and at the network; the slot before has one fewer.
    Failures(u8, u8),
    /// Neither slot is valid.
    Lost,
}

pub struct Scenario {
    pub name: &'static str,
    pub actions: u8,
    pub starts: &'static [Start],
    /// Done before, as the first actions of every start.
    pub first: &'static [Action],
    pub cap: u64,
    pub origins: &'static [Origin],
    pub purposes: &'static [Purpose],
    pub terms: &'static [Term],
    pub other_k: bool,
    /// Logins, and the network allowed again.
    pub administrator: bool,
    /// A pending step may be left.
    pub leaves: bool,
    pub closes: bool,
    pub passes: &'static [u64],
    pub backs: &'static [u64],
    pub second: Second,
    /// How a write goes when the power goes with it, and when it does not.
    pub cut: &'static [Write],
    pub failing: &'static [Write],
    pub must: &'static [&'static str],
}

impl Scenario {
    fn policy(&self) -> Policy {
        Policy::default().with_cap(Duration::from_secs(self.cap)).unwrap().with_methods(Origin::Local, Methods::Both)
    }
}

fn flash(key: &DeviceKey, start: Start) -> Slots {
    match start {
        Start::Genesis => [Ledger::genesis(key), [0xff; 32]],
        Start::Lost => [[0xff; 32], [0x01; 32]],
        Start::Failures(local, network) => {
            let after = hazmat::Fields { seq: 8, boots: 3, resets: 1, local, network };
            let before = hazmat::Fields { seq: 7, local: local.saturating_sub(1), ..after };
            [hazmat::seal(key, before), hazmat::seal(key, after)]
        }
    }
}

pub struct Explored {
    pub scenario: &'static Scenario,
    pub place: std::sync::Arc<Place>,
    /// The promises that count: all, but for planted defects.
    pub promises: u32,
}

impl Explored {
    pub fn new(scenario: &'static Scenario, promises: u32) -> Self {
        Self { scenario, promises, place: std::sync::Arc::new(Place::new(scenario.policy())) }
    }

    fn holds<const N: usize>(&self, world: &World) -> bool {
        world.broken & 1 << N == 0
    }
}

impl Model for Explored {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        let start = |&start| {
            let world = self.place.start(flash(&self.place.key, start));
            let mut world = self.scenario.first.iter().fold(world, |world, &action| self.place.after(&world, action));
            world.broken = self.place.judge(&world) & self.promises;
            world
        };
        self.scenario.starts.iter().map(start).collect()
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        let scenario = self.scenario;
        if world.actions as usize >= usize::from(scenario.actions) + scenario.first.len() || world.broken != 0 {
            return;
        }
        let locked = scenario.second != Second::Unlocked;
        let holder = [0, 1].into_iter().find(|&who| world.owner(who).is_some_and(|(pending, _)| pending));
        for who in [0, 1] {
            let Some((pending, poisoned)) = world.owner(who) else { continue };
            let free = !locked || holder.is_none_or(|holder| holder == who);
            if pending {
                actions.push(Action::Confirm(who, Write::Whole));
                actions.extend(scenario.failing.iter().map(|&write| Action::Confirm(who, write)));
                if !scenario.failing.is_empty() {
                    actions.extend([Write::Whole, Write::None].map(|write| Action::Abandon(who, write)));
                }
                if scenario.leaves {
                    actions.push(Action::Finish(who, Write::Whole));
                    actions.extend(scenario.failing.iter().map(|&write| Action::Finish(who, write)));
                }
                actions.extend(scenario.cut.iter().map(|&write| Action::Cut(who, write)));
                if !locked {
                    actions.extend([Action::Store(who), Action::Confirm(who, Write::None)]);
                }
            }
            if free && !(scenario.cut.is_empty() && scenario.second == Second::Never) {
                actions.push(Action::Load(who));
            }
            if pending || poisoned {
                continue;
            }
            if scenario.closes {
                actions.extend([Action::Close(who, Closing::Withdraw), Action::Close(who, Closing::Keep), Action::Withdraw(who)]);
            }
            if !free {
                continue;
            }
            for &origin in scenario.origins {
                actions.extend(scenario.purposes.iter().map(|&purpose| Action::Open(who, origin, purpose)));
                let mut guess = |typed| actions.push(Action::Guess(who, origin, typed));
                for &term in scenario.terms {
                    (0..world.challenges()).for_each(|nth| guess(Typed::Code(nth, term)));
                    if scenario.other_k && world.challenges() > 0 {
                        let others = scenario.terms.iter().filter(|&&other| other != term);
                        others.for_each(|&other| guess(Typed::OtherK(world.challenges() - 1, term, other)));
                    }
                }
                guess(Typed::Wrong(scenario.terms[0]));
            }
            if scenario.administrator {
                actions.extend([Action::Login(who), Action::AllowAgain(who)]);
            }
        }
        if scenario.second != Second::Never && holder.is_none() && world.owner(1).is_none() {
            actions.extend([Action::Load(1), Action::Copy]);
        }
        if holder.is_none() && !scenario.cut.is_empty() {
            actions.push(Action::Reboot);
        }
        actions.extend((0..world.grants()).map(Action::Consume));
        actions.extend(scenario.passes.iter().map(|&seconds| Action::Pass(seconds)));
        actions.extend(scenario.backs.iter().map(|&seconds| Action::Back(seconds)));
    }

    fn next_state(&self, from: &World, action: Action) -> Option<World> {
        let mut world = self.place.after(from, action);
        world.broken = self.place.judge(&world) & self.promises;
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        macro_rules! promises {
            ($($n:literal)*) => { vec![$(Property::always(PROMISES[$n], Self::holds::<$n>)),*] };
        }
        promises!(0 1 2 3 4 5 6 7 8 9 10 11 12)
    }
}

/// What an exploration gave.
pub struct Outcome {
    pub states: usize,
    pub transitions: usize,
    pub depth: usize,
    pub seconds: f64,
    pub violated: Vec<(&'static str, Vec<Action>)>,
    pub happened: Vec<u64>,
}

pub fn explore(scenario: &'static Scenario, promises: u32) -> Outcome {
    let begun = Instant::now();
    let model = Explored::new(scenario, promises);
    let place = model.place.clone();
    // one thread: breadth first, so that a state is met first by the fewest actions
    let checker = model.checker().threads(1).finish_when(HasDiscoveries::AnyFailures).spawn_bfs().join();
    let violated = checker.discoveries().into_iter().map(|(name, path)| (name, path.into_actions())).collect();
    Outcome {
        states: checker.unique_state_count(),
        transitions: checker.state_count(),
        depth: checker.max_depth() - 1,
        seconds: begun.elapsed().as_secs_f64(),
        violated,
        happened: place.happened.iter().map(|n| n.load(Ordering::Relaxed)).collect(),
    }
}

const CUTS: &[Write] = &[Write::None, Write::Whole, Write::Erased, Write::Zeros, Write::Half, Write::Head];
const PASSWORD: &[Purpose] = &[Purpose::AccountPassword];
const BOTH_PURPOSES: &[Purpose] = &[Purpose::AccountPassword, Purpose::FactoryReset];

const BASE: Scenario = Scenario {
    name: "",
    actions: 8,
    starts: &[],
    first: &[],
    cap: 259_200,
    origins: &ORIGINS,
    purposes: PASSWORD,
    terms: &[Term::SecureCode1H],
    other_k: false,
    administrator: true,
    leaves: true,
    closes: true,
    passes: &[11, 61],
    backs: &[11],
    second: Second::Never,
    cut: CUTS,
    failing: &[Write::None, Write::Half],
    must: &[],
};

const OPEN_LOCAL: Action = Action::Open(0, Origin::Local, Purpose::AccountPassword);
const OPEN_NETWORK: Action = Action::Open(0, Origin::Network, Purpose::AccountPassword);
const RIGHT: Action = Action::Guess(0, Origin::Local, Typed::Code(0, Term::SecureCode1H));
const STORED: Action = Action::Confirm(0, Write::Whole);

pub static SCENARIOS: &[Scenario] = &[
    // all of it at once
    Scenario {
        name: "everything",
        starts: &[Start::Failures(4, 99)],
        second: Second::Locked,
        must: &[
            "new challenges",
            "shown again",
            "too-soon",
            "right codes counted",
            "rejected",
            "old or foreign codes rejected",
            "Grants",
            "no-challenge",
            "waiting",
            "stopped",
            "logins that cleared nothing",
            "waits waived",
            "allowed again",
            "left steps finished",
            "Grants that nobody got",
            "stale",
            "store-failed",
            "abandoned",
            "power cuts between count and comparison",
            "power cuts between clearing record and Grant",
            "power cuts before a store",
            "torn writes at a power cut",
            "clock steps that ended a challenge",
            "slips of the hand refused",
        ],
        ..BASE
    },
    // from a new device, two purposes, the clock a little out of order
    Scenario {
        name: "new",
        administrator: false,
        starts: &[Start::Genesis],
        purposes: BOTH_PURPOSES,
        passes: &[1, 10, 61],
        backs: &[10, 12],
        must: &[
            "new challenges",
            "shown again",
            "too-soon",
            "busy",
            "Grants",
            "old or foreign codes rejected",
            "clock steps that ended a challenge",
        ],
        ..BASE
    },
    // every boundary of the counters
    Scenario {
        name: "boundaries",
        actions: 8,
        starts: &[
            Start::Lost,
            Start::Failures(0, 98),
            Start::Failures(5, 100),
            Start::Failures(9, 101),
            Start::Failures(44, 4),
            Start::Failures(254, 254),
        ],
        passes: &[61, 15_360],
        must: &["lost ledgers loaded", "stopped", "waiting", "rejected", "Grants"],
        ..BASE
    },
    // what an administrator does, within a day and after it
    Scenario {
        name: "administrator",
        actions: 9,
        starts: &[Start::Failures(4, 99), Start::Failures(5, 80), Start::Failures(10, 81)],
        first: &[OPEN_LOCAL, STORED, OPEN_NETWORK],
        closes: false,
        leaves: false,
        passes: &[61, 86_400],
        cut: &[Write::None, Write::Whole],
        failing: &[],
        must: &[
            "logins that cleared",
            "logins that cleared nothing",
            "waits waived",
            "allowed again",
            "allowed with nothing to store",
            "stopped",
            "waiting",
            "rejected",
            "Grants",
        ],
        ..BASE
    },
    // every code's time, at either method, under a cap; codes with another k
    Scenario {
        name: "expiry",
        actions: 10,
        starts: &[Start::Failures(2, 3)],
        first: &[OPEN_LOCAL, STORED, OPEN_NETWORK],
        cap: 1200,
        terms: &[Term::SecureCode10Min, Term::SecureCode1H, Term::DynamicPassword10Min],
        other_k: true,
        passes: &[1, 599],
        closes: false,
        administrator: false,
        leaves: false,
        cut: &[],
        failing: &[],
        must: &["expired", "method", "codes with another k rejected", "Grants", "no-challenge"],
        ..BASE
    },
    // another process with a copy of the RAM, the challenge in it included
    Scenario {
        name: "copy",
        administrator: false,
        actions: 7,
        starts: &[Start::Failures(3, 0)],
        first: &[OPEN_LOCAL, STORED, Action::Copy],
        second: Second::Locked,
        must: &[
            "stale",
            "rejected",
            "Grants",
            "waiting",
            "power cuts between count and comparison",
            "power cuts between clearing record and Grant",
        ],
        ..BASE
    },
    // after a Grant, at the seventh action: its use, and every old code again
    Scenario {
        name: "reuse",
        administrator: false,
        actions: 7,
        starts: &[Start::Failures(4, 99)],
        first: &[OPEN_LOCAL, STORED, OPEN_NETWORK, RIGHT, STORED, STORED],
        passes: &[11, 599],
        second: Second::Locked,
        must: &["Grants used", "grant-expired", "old or foreign codes rejected", "Grants", "stale"],
        ..BASE
    },
    // what SPEC.md leaves to DUTY-13: two owners, each step of the one between any of the other's
    Scenario {
        name: "without-lock",
        actions: 12,
        starts: &[Start::Genesis],
        origins: &[Origin::Local],
        closes: false,
        administrator: false,
        leaves: false,
        passes: &[],
        backs: &[],
        second: Second::Unlocked,
        cut: &[],
        failing: &[],
        ..BASE
    },
];
