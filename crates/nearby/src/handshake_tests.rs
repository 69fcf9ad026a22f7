use super::*;

fn secret(byte: u8) -> Secret {
    Secret::derive(&[byte; 32])
}

fn side(side: Side, account: u8, seed: u8) -> Handshake {
    Handshake::new(side, &secret(account), &Zeroizing::new([seed; 32])).unwrap()
}

#[test]
fn mov_03_two_devices_of_one_account_agree_on_keys_and_on_what_was_said() {
    let (mut giver, mut taker) = (side(Side::Giver, 1, 2), side(Side::Taker, 1, 3));
    giver.read(&taker.write().unwrap()).unwrap();
    taker.read(&giver.write().unwrap()).unwrap();
    let ((giver, heard), (taker, said)) = (giver.finish().unwrap(), taker.finish().unwrap());
    assert_eq!(heard, said);
    let (mut sealed, mut plain) = ([0; 20], [0; 20]);
    giver.write_message(0, b"text", &mut sealed).unwrap();
    assert!(
        taker.read_message(1, &sealed, &mut plain).is_err(),
        "in another place"
    );
    assert!(
        giver.read_message(0, &sealed, &mut plain).is_err(),
        "back to its sender"
    );
    assert_eq!(taker.read_message(0, &sealed, &mut plain).unwrap(), 4);
    assert_eq!(&plain[..4], b"text");
}

#[test]
fn mov_03_another_account_is_turned_away_at_its_first_message() {
    let first = side(Side::Taker, 1, 3).write().unwrap();
    assert_eq!(
        side(Side::Giver, 9, 2).read(&first),
        Err(HandshakeError::OtherAccount)
    );
}

#[test]
fn mov_03_a_changed_byte_of_either_message_is_noticed() {
    let mut taker = side(Side::Taker, 1, 3);
    let first = taker.write().unwrap();
    let mut giver = side(Side::Giver, 1, 2);
    giver.read(&first).unwrap();
    let second = giver.write().unwrap();
    for at in 0..FIRST_LEN {
        let mut changed = first;
        changed[at] ^= 0x40;
        assert!(
            side(Side::Giver, 1, 2).read(&changed).is_err(),
            "first, byte {at}"
        );
        let mut changed = second;
        changed[at] ^= 0x40;
        let mut taker = side(Side::Taker, 1, 3);
        taker.write().unwrap();
        assert!(taker.read(&changed).is_err(), "second, byte {at}");
    }
}

#[test]
fn mov_03_other_versions_and_other_programs_are_told_apart() {
    let mut first = side(Side::Taker, 1, 3).write().unwrap();
    first[8] = 2;
    assert_eq!(
        side(Side::Giver, 1, 2).read(&first),
        Err(HandshakeError::Version(2))
    );
    first[0] = b'G';
    assert_eq!(side(Side::Giver, 1, 2).read(&first), Err(HandshakeError::Foreign));
}

#[test]
fn mov_03_a_point_that_gives_everybody_the_same_secret_is_refused() {
    let mut first = side(Side::Taker, 1, 3).write().unwrap();
    for byte in &mut first[9..41] {
        *byte = 0;
    }
    assert!(side(Side::Giver, 1, 2).read(&first).is_err());
}

#[test]
fn a_handshake_that_did_not_happen_has_no_keys() {
    assert_eq!(side(Side::Giver, 1, 2).write(), Err(HandshakeError::Internal));
    assert!(side(Side::Taker, 1, 3).finish().is_err());
}
