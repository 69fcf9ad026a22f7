//! Each cipher against being cut, altered and misnamed.

use super::path_tests::{peer, rng};
use super::*;

const ALL: [EncType; 3] = [EncType::AesGcm, EncType::XChaCha20, EncType::AesCbc];

#[test]
fn oni_02_names_are_exact() {
    let known = [
        ("aes-gcm", EncType::AesGcm),
        ("gcm", EncType::AesGcm),
        ("xchacha20", EncType::XChaCha20),
        ("xchacha20-poly1305", EncType::XChaCha20),
        ("aes-cbc", EncType::AesCbc),
        ("cbc", EncType::AesCbc),
    ];
    for (name, enc_type) in known {
        assert_eq!(EncType::parse(name), Some(enc_type));
    }
    for name in ["", "AES-GCM", "Gcm", "aes_gcm", "xchacha", "rot13", "gcm "] {
        assert_eq!(EncType::parse(name), None, "{name}");
    }
}

#[test]
fn oni_04_every_cipher_opens_what_it_sealed_and_no_prefix_of_it() {
    let (node, client) = (peer(1), peer(2));
    for enc_type in ALL {
        let key = node.secret.derive_key(enc_type, client.secret.public()).unwrap();
        let sealed = key.seal(&mut rng(), b"sixteen byte long");
        assert_eq!(key.open(&sealed).unwrap(), b"sixteen byte long");
        for len in 0..sealed.len() {
            assert_ne!(
                key.open(&sealed[..len]).as_deref(),
                Ok(b"sixteen byte long".as_slice())
            );
        }
        assert!(key.open(&sealed[..enc_type.min_len() - 1]).is_err());
        let empty = key.seal(&mut rng(), b"");
        assert_eq!(empty.len(), enc_type.min_len());
        assert_eq!(key.open(&empty).unwrap(), b"");
    }
}

#[test]
fn oni_04_the_authenticated_ciphers_notice_every_altered_bit() {
    let (node, client) = (peer(1), peer(2));
    for enc_type in [EncType::AesGcm, EncType::XChaCha20] {
        let key = node.secret.derive_key(enc_type, client.secret.public()).unwrap();
        let sealed = key.seal(&mut rng(), b"text");
        for i in 0..sealed.len() * 8 {
            let mut altered = sealed.clone();
            altered[i / 8] ^= 1 << (i % 8);
            assert!(key.open(&altered).is_err(), "bit {i}");
        }
    }
}

#[test]
fn oni_03_the_xchacha20_key_depends_on_who_is_the_client() {
    let (a, b) = (peer(1), peer(2));
    let as_node = a
        .secret
        .derive_key(EncType::XChaCha20, b.secret.public())
        .unwrap();
    let as_other = b
        .secret
        .derive_key(EncType::XChaCha20, a.secret.public())
        .unwrap();
    let sealed = as_node.seal(&mut rng(), b"text");
    assert!(as_other.open(&sealed).is_err());
}

#[test]
fn oni_19_keys_of_small_order_are_refused() {
    let node = peer(1).secret;
    let mut one = [0; 32];
    one[0] = 1;
    for small in [[0; 32], one] {
        for enc_type in ALL {
            assert_eq!(
                open_layer(&node, enc_type, &small, &[0; 64]).err(),
                Some(OpenFailed)
            );
        }
    }
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let peers = [peer(1), peer(2)];
    let (_, key) = build(
        &mut rng(),
        &[peers[0].hop],
        &Destination::Node(peers[1].hop),
        b"",
        Cipher::AesGcm,
    )
    .unwrap();
    assert_eq!(format!("{:?}", peers[0].secret), "HopSecret(..)");
    assert_eq!(format!("{key:?}"), "ReplyKey { cipher: AesGcm, .. }");
}
