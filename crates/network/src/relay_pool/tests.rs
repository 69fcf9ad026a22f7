use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;

const NOW: TimestampMs = TimestampMs(1_700_000_000_000);

fn relay(number: u8) -> PoolRelay {
    PoolRelay {
        hop: Hop {
            ed25519: [number; 32],
            x25519: [number; 32],
        },
        address: SocketAddr::from(([10, 0, number, 1], 22021)),
        swarm: Some(SwarmId(u64::from(number % 3))),
    }
}

fn relays(numbers: std::ops::Range<u8>) -> Vec<PoolRelay> {
    numbers.map(relay).collect()
}

fn pool_of(count: u8) -> RelayPool {
    let mut pool = RelayPool {
        min_relays: 4,
        private_addresses: true,
        ..RelayPool::default()
    };
    assert!(pool.replace(relays(0..count), NOW));
    pool
}

fn strike_out(pool: &mut RelayPool, relay: [u8; 32], at: TimestampMs) {
    for word in [[[90; 32]], [[91; 32]], [[92; 32]]] {
        pool.strike_on_word_of(&word, &relay, at);
    }
}

fn later(by: Duration) -> TimestampMs {
    TimestampMs(NOW.0 + millis(by))
}

#[test]
fn net_06_a_relay_needs_two_voices() {
    let mut forged = relay(1);
    forged.hop.x25519 = [99; 32];
    let mut moved = relay(2);
    moved.address.set_port(1);
    let answers = [
        relays(0..4),
        vec![forged, moved, relay(3), relay(7)],
        relays(1..6),
    ];
    let keys: Vec<u8> = agreed(&answers).iter().map(|relay| relay.key()[0]).collect();
    assert_eq!(keys, [1, 2, 3]);
    assert_eq!(
        agreed(&answers)[0],
        relay(1),
        "the forged key found no second voice"
    );
}

#[test]
fn net_06_one_answer_cannot_vote_twice() {
    assert_eq!(agreed(&[vec![relay(1), relay(1)], vec![], vec![]]), []);
}

#[test]
fn net_06_a_short_list_is_refused_and_changes_nothing() {
    let mut pool = pool_of(6);
    assert!(!pool.replace(relays(0..3), later(MAX_AGE)));
    assert_eq!(pool.len(), 6);
}

#[test]
fn net_08_a_list_brings_in_no_private_addresses() {
    let mut list = relays(0..6);
    for (number, relay) in (0..).zip(&mut list[..4]) {
        relay.address = SocketAddr::from(([9, 9, 9, number], 22021));
    }
    list[4].address.set_ip([127, 0, 0, 1].into());
    let mut pool = RelayPool {
        min_relays: 4,
        ..RelayPool::default()
    };
    assert!(pool.replace(list.clone(), NOW));
    let keys: Vec<u8> = pool.iter().map(|relay| relay.key()[0]).collect();
    assert_eq!(keys, [0, 1, 2, 3]);
    assert!(!pool.replace(list.split_off(1), NOW), "too few are left");
    assert_eq!(pool.len(), 4);
}

#[test]
fn net_07_three_strikes_within_two_days_put_a_relay_out() {
    let mut pool = pool_of(6);
    let minutes = |count: u64| later(Duration::from_secs(60 * count));
    pool.strike(&[1; 32], NOW);
    pool.strike(&[1; 32], minutes(2));
    assert!(!pool.is_struck_out(&[1; 32], minutes(2)));
    pool.strike(&[1; 32], minutes(4));
    assert!(pool.is_struck_out(&[1; 32], minutes(4)));
    assert!(!pool.is_struck_out(&[1; 32], later(strikes::STRIKE_LIFE)));
    pool.clear(&[1; 32]);
    assert!(!pool.is_struck_out(&[1; 32], NOW));
}

#[test]
fn net_07_strikes_made_while_offline_are_taken_back() {
    let mut pool = pool_of(6);
    strike_out(&mut pool, [1; 32], NOW);
    strike_out(&mut pool, [2; 32], later(Duration::from_secs(3600)));
    pool.forgive_recent(later(Duration::from_secs(3610)));
    assert!(pool.is_struck_out(&[1; 32], NOW));
    assert!(!pool.is_struck_out(&[2; 32], NOW));
}

#[test]
fn net_07_a_pool_with_too_few_usable_relays_starts_over() {
    let mut pool = pool_of(6);
    for number in 0..3 {
        strike_out(&mut pool, [number; 32], NOW);
    }
    pool.forgive_if_too_few(3, NOW);
    assert_eq!(pool.usable(NOW).len(), 3);
    pool.forgive_if_too_few(4, NOW);
    assert_eq!(pool.usable(NOW).len(), 6);
}

#[test]
fn net_05_a_list_is_due_when_old_short_or_from_the_future() {
    let mut pool = pool_of(6);
    assert!(!pool.is_due(NOW));
    assert!(pool.is_due(later(MAX_AGE + Duration::from_secs(1))));
    assert!(pool.is_due(TimestampMs(NOW.0 - 1)));
    for number in 0..3 {
        strike_out(&mut pool, [number; 32], NOW);
    }
    assert!(pool.is_due(NOW));
    assert!(RelayPool::default().is_due(NOW));
}

#[test]
fn a_saved_pool_comes_back_for_its_network_only() {
    let mut pool = pool_of(6);
    strike_out(&mut pool, [1; 32], NOW);
    let saved = pool.to_save("ours").unwrap();
    let mut restored = RelayPool {
        min_relays: 4,
        private_addresses: true,
        ..RelayPool::default()
    };
    restored.restore(&saved, "other");
    assert_eq!(restored.len(), 0);
    restored.restore(b"garbage", "ours");
    assert_eq!(restored.len(), 0);
    restored.restore(&saved, "ours");
    assert_eq!(restored.iter().cloned().collect::<Vec<_>>(), relays(0..6));
    assert!(restored.is_struck_out(&[1; 32], NOW));
    assert!(!restored.is_due(NOW));
}

#[test]
fn net_03_seed_answers_are_read_and_bad_records_left_out() {
    let key = |number: u8| data_encoding::HEXLOWER.encode(&[number; 32]);
    let state = |ip: &str, port: u64, number: u8| {
        serde_json::json!({
            "public_ip": ip, "storage_port": port, "storage_lmq_port": 22020, "funded": true,
            "pubkey_ed25519": key(number), "pubkey_x25519": key(number), "swarm_id": u64::MAX - 1,
        })
    };
    let mut keyless = state("1.2.3.4", 1, 9);
    keyless.as_object_mut().unwrap().remove("pubkey_x25519");
    let reply = serde_json::json!({"jsonrpc": "2.0", "id": 0, "result": {"service_node_states": [
        state("1.2.3.4", 22021, 1), state("0.0.0.0", 22021, 2), state("255.255.255.255", 22021, 3),
        state("1.2.3.4", 0, 4), state("seed.example", 22021, 5), keyless, "nonsense",
    ]}});
    let relays = parse_node_states(&reply).unwrap();
    assert_eq!(relays.len(), 1);
    assert_eq!(relays[0].swarm, Some(SwarmId(u64::MAX - 1)));
    assert_eq!(relays[0].address, SocketAddr::from(([1, 2, 3, 4], 22021)));
    assert_eq!(
        parse_node_states(&serde_json::json!({"result": {"status": "OK"}})),
        None
    );
    assert_eq!(parse_node_states(&serde_json::json!([])), None);
}

#[test]
fn net_04_a_binary_list_with_a_broken_record_is_refused_whole() {
    assert_eq!(parse_binary_list(&[0; 50]), None);
    assert_eq!(parse_binary_list(&[]), Some(vec![]));
}

#[test]
fn a_sample_has_no_repetition_and_reaches_everybody() {
    let mut rng = ChaCha20Rng::from_seed([1; 32]);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let mut picked = sample(&mut rng, (0..9).collect(), 3);
        seen.extend(picked.iter().copied());
        picked.sort_unstable();
        picked.dedup();
        assert_eq!(picked.len(), 3);
    }
    assert_eq!(seen.len(), 9);
    assert_eq!(sample(&mut rng, vec![1], 5), [1]);
}

#[test]
fn ten_thousand_mutations_of_lists_and_of_what_was_saved_end_in_a_value_or_none() {
    let state = serde_json::json!({
        "public_ip": "1.2.3.4", "storage_port": 22021, "swarm_id": 7,
        "pubkey_ed25519": "11".repeat(32), "pubkey_x25519": "22".repeat(32),
    });
    let reply = serde_json::json!({ "result": { "service_node_states": [state.clone(), state] } });
    let saved = pool_of(6).to_save("ours").unwrap();
    let mut rng = ChaCha20Rng::from_seed([2; 32]);
    for original in [reply.to_string().into_bytes(), saved, vec![7; 153]] {
        for _ in 0..10_000 {
            let mut bytes = original.clone();
            for _ in 0..3 {
                let at = usize::try_from(rng.next_u32()).unwrap() % bytes.len();
                bytes[at] = rng.next_u32().to_le_bytes()[0];
            }
            if let Ok(reply) = serde_json::from_slice(&bytes) {
                let relays = parse_node_states(&reply).unwrap_or_default();
                assert!(relays.iter().all(|relay| relay.address.port() != 0));
            }
            let relays = parse_binary_list(&bytes).unwrap_or_default();
            assert!(relays.iter().all(|relay| relay.address.port() != 0));
            let mut pool = RelayPool {
                min_relays: 4,
                private_addresses: true,
                ..RelayPool::default()
            };
            pool.restore(&bytes, "ours");
            assert!(pool.len() == 0 || pool.len() >= 4);
        }
    }
}
