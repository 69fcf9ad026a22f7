use std::net::SocketAddr;

use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

/// Relay `number` in a network of its own, except that 10 more share it.
fn relay(number: u8) -> PoolRelay {
    PoolRelay {
        hop: Hop {
            ed25519: [number; 32],
            x25519: [number; 32],
        },
        address: SocketAddr::from(([10, 0, number % 10, number], 22021)),
        swarm: None,
    }
}

fn path(id: u64, first: u8) -> Arc<Path> {
    Arc::new(Path::new(id, [relay(first), relay(first + 1), relay(first + 2)]))
}

fn rng(seed: u8) -> ChaCha20Rng {
    ChaCha20Rng::from_seed([seed; 32])
}

#[test]
fn net_13_relays_are_distinct_and_of_different_networks() {
    let relays: Vec<PoolRelay> = (0..30).map(relay).collect();
    let pool: Vec<&PoolRelay> = relays.iter().collect();
    let wish = Wish {
        diverse: true,
        never: vec![[4; 32]],
        ..Wish::default()
    };
    for seed in 0..50 {
        let chosen = select(&mut rng(seed), &pool, &wish).unwrap();
        let mut networks = chosen
            .each_ref()
            .map(|relay| relay.address.ip().to_string()[..7].to_owned());
        networks.sort_unstable();
        assert!(
            networks[0] != networks[1] && networks[1] != networks[2],
            "{networks:?}"
        );
        assert!(chosen.iter().all(|relay| relay.key() != [4; 32]));
    }
}

#[test]
fn net_13_without_enough_networks_there_is_no_path() {
    let relays: Vec<PoolRelay> = [1, 11, 21, 2].map(relay).into();
    let pool: Vec<&PoolRelay> = relays.iter().collect();
    let diverse = Wish {
        diverse: true,
        ..Wish::default()
    };
    assert_eq!(select(&mut rng(1), &pool, &diverse), None);
    assert!(select(&mut rng(1), &pool, &Wish::default()).is_some());
}

#[test]
fn net_14_other_paths_relays_are_taken_only_when_nothing_else_is_left() {
    let relays: Vec<PoolRelay> = (0..7).map(relay).collect();
    let pool: Vec<&PoolRelay> = relays.iter().collect();
    let mut wish = Wish::default();
    wish.apart_from(&relays[..3]);
    for seed in 0..20 {
        let chosen = select(&mut rng(seed), &pool, &wish).unwrap();
        assert!(chosen.iter().all(|relay| relay.key()[0] >= 3));
    }
    wish.never = vec![[3; 32], [4; 32]];
    let chosen = select(&mut rng(1), &pool, &wish).unwrap();
    assert_eq!(chosen.iter().filter(|relay| relay.key()[0] >= 3).count(), 2);
}

#[test]
fn net_15_a_kept_guard_comes_first_and_ages() {
    let relays: Vec<PoolRelay> = (0..9).map(relay).collect();
    let pool: Vec<&PoolRelay> = relays.iter().collect();
    let wish = Wish {
        guards: vec![[77; 32], [5; 32], [6; 32]],
        ..Wish::default()
    };
    for seed in 0..20 {
        assert_eq!(select(&mut rng(seed), &pool, &wish).unwrap()[0].key(), [5; 32]);
    }
    let mut set = PathSet::default();
    set.add(path(1, 5), NOW);
    set.add(path(2, 5), TimestampMs(NOW.0 + 1));
    assert_eq!(set.guards(NOW), [[5; 32]]);
    assert_eq!(
        set.guards(TimestampMs(NOW.0 + GUARD_LIFE_MS)),
        Vec::<[u8; 32]>::new()
    );
    assert_eq!(
        set.guards(TimestampMs(NOW.0 - 1)),
        Vec::<[u8; 32]>::new(),
        "a clock that went back"
    );
}

#[test]
fn net_16_the_path_with_the_fewest_requests_that_does_not_hold_the_destination() {
    let mut set = PathSet::default();
    let (one, two) = (path(1, 10), path(2, 20));
    set.add(Arc::clone(&one), NOW);
    set.add(Arc::clone(&two), NOW);
    let running = one.begin();
    assert_eq!(set.choose(Some(&[99; 32]), &[]).unwrap().id, 2);
    assert_eq!(set.choose(Some(&[21; 32]), &[]).unwrap().id, 1);
    assert!(set.choose(Some(&[21; 32]), &[1]).is_none());
    drop(running);
    assert_eq!(set.choose(Some(&[99; 32]), &[2]).unwrap().id, 1);
    assert_eq!(set.shown().unwrap().id, 1);
}

#[test]
fn net_17_three_failures_in_a_row_end_a_path() {
    let path = path(1, 1);
    assert!(!path.strike() && !path.strike());
    path.worked();
    assert!(!path.strike() && !path.strike() && path.strike());
    assert!(!path.strike(), "it is given up once");
}

#[test]
fn net_09_a_path_may_accuse_few_however_often_it_works() {
    let path = path(1, 1);
    assert!((0..MOST_ACCUSATIONS).all(|_| path.may_accuse()));
    path.worked();
    assert!(!path.may_accuse());
}

#[test]
fn paths_put_aside_come_back_once() {
    let mut set = PathSet::default();
    set.add(path(1, 1), NOW);
    set.suspend();
    set.suspend();
    assert!(set.live().is_empty());
    assert_eq!(set.take_suspended().len(), 1);
    assert!(set.take_suspended().is_empty());
}
