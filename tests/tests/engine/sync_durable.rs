//! What the devices of an account agree on stays in its swarm, whatever the swarm loses, and a device that reads it for
//! the first time is not misled. Spec: sync §2, §5

use contract::{
    GetRecoveryPhrase, NotificationMode, PollNow, RestoreAccount, SetNotificationMode, SkipRestoreWait,
};
use protocol::account::AccountKeys;
use protocol::config::ConfigType;
use protocol::storage::{Namespace, Request, Retrieve, Signer};
use tests::simulated_network::{Faults, World};
use tests::story::settings::{calm, name, nickname, online, pin, rename, set_nickname, settle};
use tests::story::{Device, Person, alice, bob, deliver, friends, person};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn wipe_all(world: &World, of: &Person) {
    for node in world.nodes.swarm_of(&of.id) {
        world.nodes.wipe(&node).unwrap();
    }
}

fn kept(world: &World, of: &Person) -> Vec<i64> {
    let members = world.nodes.swarm_of(&of.id).into_iter();
    members.map(|node| world.nodes.count(&node).unwrap()).collect()
}

/// Thirty days and more: the swarm forgets what nobody extends, and one device that wakes once a week is enough.
#[tokio::test]
async fn syn_50_configs_stay_while_any_device_wakes_once_a_week() {
    let world = World::new(70);
    let (phone, bob) = friends(&world).await;
    set_nickname(&phone, &bob, "Robert").await;
    deliver(&[&phone, &bob]).await;
    let tablet = phone.on(calm(&world), 9).await;
    let laptop = phone.on(calm(&world), 10).await;
    settle(&[&phone, &tablet, &laptop]).await;
    for day in 1..=80 {
        world.clock.advance(DAY);
        world.nodes.clean_up(engine::Clock::now(&world.clock)).unwrap();
        match day {
            // The phone is lost after ten days, with the nickname it set last.
            5 => set_nickname(&phone, &bob, "Bobby").await,
            10 => online(&phone, false).await,
            _ => {}
        }
        if day % 7 == 0 {
            tablet.looks().await;
        }
        if day == 29 {
            laptop.looks().await;
        }
        assert!(
            kept(&world, &phone).iter().all(|count| *count >= 3),
            "day {day}: {:?}",
            kept(&world, &phone)
        );
    }
    let new = tablet.on(calm(&world), 11).await;
    for device in [&tablet, &new] {
        assert_eq!(nickname(device, &bob).await.0, "Bobby");
        assert_eq!(name(device).await, "Alice");
    }
    // Once nobody wakes, they go: it was the tablet that kept them.
    world.clock.advance(31 * DAY);
    world.nodes.clean_up(engine::Clock::now(&world.clock)).unwrap();
    assert!(kept(&world, &phone).iter().all(|count| *count == 0));
    // And even then the device that wakes brings them back.
    tablet.looks().await;
    let late = tablet.on(calm(&world), 12).await;
    assert_eq!(nickname(&late, &bob).await.0, "Bobby");
}

#[tokio::test]
async fn syn_50_lifetimes_are_extended_a_few_times_a_day_also_by_a_device_that_restarts() {
    let world = World::new(71);
    let phone = person(&world, calm(&world), "Alice", 1).await;
    settle(&[&phone]).await;
    let looks = async |times: usize, phone: &Person| {
        let before = phone.network.requests();
        for _ in 0..times {
            phone.looks().await;
        }
        phone.network.requests() - before
    };
    let one = looks(1, &phone).await;
    assert_eq!(looks(10, &phone).await, 10 * one);
    world.clock.advance(7 * HOUR);
    assert_eq!(looks(10, &phone).await, 10 * one + 1);
    let Person {
        engine, store, id, ..
    } = phone;
    engine.close().await;
    let mut device = calm(&world);
    device.store = store;
    let engine = device.open(2).await;
    let phone = Person::returning(&world, device, engine, id);
    assert_eq!(
        looks(10, &phone).await,
        10 * one,
        "it was done before the restart"
    );
    world.clock.advance(7 * HOUR);
    assert_eq!(looks(10, &phone).await, 10 * one + 1);
    // Swarms that refuse are not asked with each look.
    world.clock.advance(7 * HOUR);
    phone.network.set_faults(Faults {
        lost_replies: 100,
        ..Faults::default()
    });
    for _ in 0..10 {
        assert!(phone.engine.request(PollNow {}).await.is_err());
    }
    phone.network.set_faults(Faults::default());
    assert_eq!(looks(10, &phone).await, 10 * one + 1);
}

#[tokio::test]
async fn syn_52_a_swarm_that_lost_everything_has_it_again_when_a_device_comes_back() {
    let world = World::new(72);
    let (phone, bob) = friends(&world).await;
    set_nickname(&phone, &bob, "Robert").await;
    pin(&phone, &bob).await;
    deliver(&[&phone, &bob]).await;
    let tablet = phone.on(calm(&world), 9).await;
    settle(&[&phone, &tablet]).await;
    online(&phone, false).await;
    wipe_all(&world, &phone);
    world.clock.advance(7 * HOUR);
    tablet.looks().await;
    let new = tablet.on(calm(&world), 10).await;
    assert_eq!(nickname(&new, &bob).await, ("Robert".to_owned(), true));
    assert_eq!(name(&new).await, "Alice");
    // The same bytes: whoever has them has nothing to merge, and so nothing to say.
    let stored = kept(&world, &phone);
    online(&phone, true).await;
    world.clock.advance(HOUR);
    settle(&[&phone, &tablet, &new]).await;
    assert_eq!(kept(&world, &phone), stored);
}

#[tokio::test]
async fn syn_52_devices_with_different_states_converge_after_everything_was_lost() {
    for seed in 80..86 {
        let world = World::new(seed);
        let (phone, bob) = friends(&world).await;
        let tablet = phone.on(calm(&world), 9).await;
        settle(&[&phone, &tablet]).await;
        // Of two names of one second either may win.
        world.clock.advance(HOUR);
        // What the phone pushes last the tablet never sees; and each edits something while it is away.
        pin(&phone, &bob).await;
        phone.looks().await;
        for device in [&phone, &tablet] {
            online(device, false).await;
        }
        set_nickname(&tablet, &bob, "Robert").await;
        if seed % 2 == 0 {
            rename(&phone, "Alicia").await;
        }
        wipe_all(&world, &phone);
        world.clock.advance(9 * HOUR);
        let order = match seed % 3 {
            0 => [&phone, &tablet],
            _ => [&tablet, &phone],
        };
        for device in order {
            online(device, true).await;
            device.looks().await;
        }
        settle(&order).await;
        let new = tablet.on(calm(&world), 10).await;
        for device in [&phone, &tablet, &new] {
            let wanted = if seed % 2 == 0 { "Alicia" } else { "Alice" };
            assert_eq!(name(device).await, wanted, "seed {seed}");
            assert_eq!(
                nickname(device, &bob).await,
                ("Robert".to_owned(), true),
                "seed {seed}"
            );
        }
    }
}

/// Every push uses up a number, and the higher number wins.
#[tokio::test]
async fn syn_22_many_edits_of_a_device_that_is_offline_win_over_nothing_it_has_not_seen() {
    let world = World::new(75);
    let (phone, bob) = friends(&world).await;
    let tablet = phone.on(calm(&world), 9).await;
    settle(&[&phone, &tablet]).await;
    online(&phone, false).await;
    for number in 0..12 {
        set_nickname(&phone, &bob, &format!("nickname {number}")).await;
        // Longer than edits wait for others.
        for _ in 0..4 {
            world.clock.advance(20_000);
            for _ in 0..200 {
                tokio::task::yield_now().await;
            }
        }
        let _ = phone.engine.request(PollNow {}).await;
    }
    pin(&tablet, &bob).await;
    tablet.looks().await;
    online(&phone, true).await;
    settle(&[&phone, &tablet]).await;
    for device in [&phone, &tablet] {
        assert_eq!(nickname(device, &bob).await, ("nickname 11".to_owned(), true));
    }
}

#[tokio::test]
async fn syn_06_edits_that_come_too_late_delete_nobody_and_are_made_again() {
    let world = World::new(76);
    let (phone, bob) = friends(&world).await;
    let carol = person(&world, Device::new(&world), "Carol", 12).await;
    let tablet = phone.on(calm(&world), 9).await;
    settle(&[&phone, &tablet]).await;
    carol.writes(&phone, "it is me").await;
    deliver(&[&carol]).await;
    phone.looks().await;
    online(&phone, false).await;
    phone.accepts(&carol).await;
    let _ = phone.engine.request(PollNow {}).await;
    for number in 0..8 {
        set_nickname(&tablet, &bob, &format!("nickname {number}")).await;
        tablet.looks().await;
    }
    online(&phone, true).await;
    settle(&[&phone, &tablet]).await;
    settle(&[&phone, &tablet]).await;
    assert_eq!(phone.texts(&carol).await, ["it is me"]);
    for device in [&phone, &tablet] {
        let home = device.home().await;
        assert!(home.contains(&"Carol".to_owned()), "{home:?}");
        assert_eq!(nickname(device, &bob).await.0, "nickname 7");
    }
}

#[tokio::test]
async fn syn_53_one_member_that_has_nothing_is_no_reason_to_store_again() {
    let world = World::new(73);
    let phone = person(&world, calm(&world), "Alice", 1).await;
    settle(&[&phone]).await;
    let members = world.nodes.swarm_of(&phone.id);
    let lagging = members[0];
    world.nodes.wipe(&lagging).unwrap();
    let before = phone.network.requests();
    for _ in 0..72 {
        world.clock.advance(HOUR);
        phone.looks().await;
    }
    assert_eq!(world.nodes.count(&lagging).unwrap(), 0);
    // Two requests of each look, and at most one about lifetimes.
    assert!(phone.network.requests() - before <= 72 * 3);
    // Two are believed, and once is enough.
    world.nodes.wipe(&members[1]).unwrap();
    world.clock.advance(7 * HOUR);
    phone.looks().await;
    assert!(kept(&world, &phone).iter().all(|count| *count > 0));
}

#[tokio::test]
async fn syn_12_a_member_that_has_nothing_does_not_mislead_a_restored_device() {
    for seed in 90..100 {
        let world = World::new(seed);
        let (phone, bob) = friends(&world).await;
        set_nickname(&phone, &bob, "Robert").await;
        deliver(&[&phone, &bob]).await;
        phone.looks().await;
        online(&phone, false).await;
        world.nodes.wipe(&world.nodes.swarm_of(&phone.id)[0]).unwrap();
        let tablet = phone.on(calm(&world), 9).await;
        assert_eq!(name(&tablet).await, "Alice", "seed {seed}");
        assert_eq!(nickname(&tablet, &bob).await.0, "Robert", "seed {seed}");
    }
}

/// What Bob's swarm answers to Bob.
fn answers_for(world: &World, whose: &Person) -> serde_json::Value {
    let account = whose.store.read(|reading| reading.account()).unwrap().unwrap();
    let keys = AccountKeys::from_seed(&account.seed);
    let now = engine::Clock::now(&world.clock);
    let node = world.nodes.swarm_of(&whose.id)[0];
    let retrieve = |namespace: Namespace| {
        let retrieve = Retrieve {
            account: whose.id,
            namespace,
            last_hash: None,
            max_count: None,
            max_size: None,
            proof: None,
        };
        Request::Retrieve(retrieve.sign(now, &Signer::account(&keys)))
    };
    let batch = ConfigType::ALL.map(|config_type| retrieve(config_type.namespace()));
    let answer = world
        .nodes
        .handle_request(now, &node, Request::Batch(batch.to_vec()));
    let body = answer.unwrap().body_json();
    let messages = &body["results"][0]["body"]["messages"];
    assert!(!messages.as_array().unwrap().is_empty(), "Bob has settings");
    body
}

#[tokio::test]
async fn syn_12_another_accounts_settings_are_no_settings_and_do_not_count_as_none() {
    let world = World::new(74);
    let (phone, bob) = (alice(&world).await, bob(&world).await);
    settle(&[&phone, &bob]).await;
    let device = calm(&world);
    let network = device.network.clone();
    network.set_faults(Faults {
        nonsense: Some(answers_for(&world, &bob)),
        ..Faults::default()
    });
    let phrase = phone.ask(GetRecoveryPhrase {}).await.words.join(" ").into();
    let engine = device.open(9).await;
    let tablet = Person::returning(&world, device, engine, phone.id);
    tablet.ask(RestoreAccount { phrase }).await;
    let mode = NotificationMode::Slow;
    tablet.ask(SetNotificationMode { mode }).await;
    tablet.ask(SkipRestoreWait {}).await;
    rename(&tablet, "X").await;
    for _ in 0..5 {
        let _ = tablet.engine.request(PollNow {}).await;
    }
    assert!(!tablet.store.read(|reading| reading.settings_were_read()).unwrap());
    // Late is as good as never, until it comes.
    network.set_faults(Faults {
        hangs: true,
        ..Faults::default()
    });
    let passing = async {
        loop {
            world.clock.advance(10_000);
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        looked = tablet.engine.request(PollNow {}) => assert!(looked.is_err()),
        () = passing => {}
    }
    network.set_faults(Faults::default());
    settle(&[&tablet, &phone]).await;
    for device in [&tablet, &phone] {
        assert_eq!(name(device).await, "Alice");
    }
}
