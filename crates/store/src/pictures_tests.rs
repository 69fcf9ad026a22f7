use super::*;
use protocol::TimestampMs;

use crate::story::*;
use crate::{ConversationList, Profile, Store};

const HOUR: i64 = 3_600_000;

fn address(name: &str) -> PictureAddress {
    PictureAddress {
        url: format!("http://files.example.org/file/{name}"),
        key: [7; 32],
    }
}

fn write<T>(store: &Store, work: impl FnOnce(&Writing<'_>) -> Result<T, StoreError>) -> T {
    store.write(work).unwrap()
}

fn read<T>(store: &Store, work: impl FnOnce(&Reading<'_>) -> Result<T, StoreError>) -> T {
    store.read(work).unwrap()
}

/// A store in which Bob is accepted.
fn with_bob() -> Store {
    let store = store();
    write(&store, |w| w.approve(&bob(), NOW));
    store
}

/// Bob says so of himself at a second of his.
fn says(store: &Store, picture: SaidPicture, updated_s: i64) {
    let profile = Profile {
        name: "Bob".to_owned(),
        updated_s,
        picture,
    };
    write(store, |w| {
        let row = w.ensure_contact(bob(), NOW)?;
        w.apply_profile(row, &profile, NOW)
    });
}

fn due(store: &Store, now: TimestampMs) -> Vec<String> {
    let due = read(store, |r| r.pictures_due(now, 10));
    due.into_iter().map(|wanted| wanted.address.url).collect()
}

fn wanted(store: &Store, now: TimestampMs) -> WantedPicture {
    read(store, |r| r.pictures_due(now, 1)).pop().unwrap()
}

fn shown(store: &Store) -> Option<Vec<u8>> {
    let id = read(store, |r| r.contact(&bob())).unwrap().picture?;
    let file = read(store, |r| r.picture(id));
    Some(store.files().read(&file).unwrap())
}

fn fetch(store: &Store, bytes: &[u8], now: TimestampMs) -> bool {
    let wanted = wanted(store, now);
    assert!(write(store, |w| w.begin_picture_fetch(&wanted, now)));
    store
        .keep_file(bytes, |w, file| w.keep_picture(&wanted, file))
        .unwrap()
}

#[test]
fn att_46_a_picture_counts_only_when_its_profile_is_newer() {
    let store = with_bob();
    says(&store, SaidPicture::Set(address("a")), 10);
    for older in [10, 9, 0] {
        says(&store, SaidPicture::Set(address("b")), older);
        says(&store, SaidPicture::Remove, older);
        assert_eq!(due(&store, NOW), [address("a").url]);
    }
    says(&store, SaidPicture::Set(address("b")), 11);
    assert_eq!(due(&store, NOW), [address("b").url]);
}

#[test]
fn att_84_of_people_who_are_not_accepted_or_blocked_nothing_is_due() {
    let store = store();
    says(&store, SaidPicture::Set(address("a")), 10);
    assert_eq!(due(&store, NOW), Vec::<String>::new());
    assert_eq!(read(&store, |r| r.next_picture_after(TimestampMs(0))), None);
    write(&store, |w| w.approve(&bob(), NOW));
    assert_eq!(due(&store, NOW), [address("a").url]);
    let wanted = wanted(&store, NOW);
    write(&store, |w| w.block(&bob(), NOW));
    assert_eq!(due(&store, NOW), Vec::<String>::new());
    let kept = store.keep_file(b"late", |w, file| w.keep_picture(&wanted, file));
    assert!(!kept.unwrap(), "blocked while it came");
    assert_eq!(shown(&store), None);
}

#[test]
fn att_85_the_one_before_is_shown_until_the_next_is_here_and_then_goes_from_the_disk() {
    let store = with_bob();
    says(&store, SaidPicture::Set(address("a")), 10);
    assert!(fetch(&store, b"first", NOW));
    let first = read(&store, |r| r.contact(&bob())).unwrap().picture.unwrap();
    let file = read(&store, |r| r.picture(first));
    says(&store, SaidPicture::Set(address("b")), 11);
    assert_eq!(shown(&store).unwrap(), b"first");
    let wanted = wanted(&store, NOW);
    write(&store, |w| w.give_picture_up(&wanted));
    assert_eq!(shown(&store).unwrap(), b"first");
    assert_eq!(due(&store, NOW), Vec::<String>::new());

    // They name it again, with a later time: it may be there by now.
    says(&store, SaidPicture::Set(address("b")), 12);
    assert!(fetch(&store, b"second", NOW));
    assert_eq!(shown(&store).unwrap(), b"second");
    assert!(store.read(|r| r.picture(first)).is_err());
    store.sweep_files().unwrap();
    assert!(store.files().read(&file).is_err());
    // What is here is not fetched again.
    says(&store, SaidPicture::Set(address("b")), 13);
    assert_eq!(due(&store, NOW), Vec::<String>::new());
}

#[test]
fn what_comes_after_another_was_wanted_or_none_is_not_shown() {
    let store = with_bob();
    says(&store, SaidPicture::Set(address("a")), 10);
    let first = wanted(&store, NOW);
    says(&store, SaidPicture::Set(address("b")), 11);
    let kept = store.keep_file(b"first", |w, file| w.keep_picture(&first, file));
    assert!(!kept.unwrap());
    write(&store, |w| w.record_picture_attempt(&first, NOW.plus_ms(HOUR)));
    write(&store, |w| w.give_picture_up(&first));
    assert_eq!(due(&store, NOW), [address("b").url], "the newer one still waits");
    says(&store, SaidPicture::Remove, 12);
    assert_eq!((due(&store, NOW), shown(&store)), (Vec::new(), None));
    store.sweep_files().unwrap();
    assert_eq!(read(&store, |r| r.doomed_files()), Vec::<FileName>::new());
}

#[test]
fn att_86_a_thousand_changes_cost_five_fetches_a_day() {
    let store = with_bob();
    let mut fetched = 0;
    for second in 1..=1_000 {
        says(&store, SaidPicture::Set(address(&second.to_string())), second);
        if second % 7 == 0 {
            says(&store, SaidPicture::Remove, second);
        }
        for wanted in read(&store, |r| r.pictures_due(NOW, 10)) {
            fetched += usize::from(write(&store, |w| w.begin_picture_fetch(&wanted, NOW)));
        }
    }
    assert_eq!((fetched, due(&store, NOW)), (5, Vec::new()));
    let tomorrow = NOW.plus_ms(24 * HOUR);
    assert_eq!(read(&store, |r| r.next_picture_after(NOW)), Some(tomorrow));
    assert_eq!(
        due(&store, tomorrow),
        [address("1000").url],
        "the last one counts"
    );
    let wanted = wanted(&store, tomorrow);
    assert!(write(&store, |w| w.begin_picture_fetch(&wanted, tomorrow)));
}

#[test]
fn tries_of_one_picture_count_once_and_are_woken() {
    let store = with_bob();
    says(&store, SaidPicture::Set(address("a")), 10);
    for attempt in 0..20 {
        let wanted = wanted(&store, NOW);
        assert_eq!(wanted.attempts, attempt);
        assert!(write(&store, |w| w.begin_picture_fetch(&wanted, NOW)));
        write(&store, |w| w.record_picture_attempt(&wanted, NOW.plus_ms(HOUR)));
        assert_eq!(due(&store, NOW), Vec::<String>::new());
        write(&store, |w| w.wake_pictures(NOW));
    }
}

#[test]
fn pictures_are_in_every_list_and_go_with_the_person() {
    let store = with_bob();
    write(&store, |w| {
        w.ensure_conversation(&bob(), NOW)?;
        w.pin(&bob(), NOW)
    });
    says(&store, SaidPicture::Set(address("a")), 10);
    fetch(&store, b"face", NOW);
    let picture = read(&store, |r| r.contact(&bob())).unwrap().picture;
    assert!(picture.is_some());
    assert_eq!(PictureId::parse(&picture.unwrap().to_string()), picture);
    assert_eq!(PictureId::parse("0g"), None);
    let home = read(&store, |r| r.conversations(ConversationList::Home, 0, 9));
    let people = read(&store, |r| r.people(crate::People::Contacts, 0, 9));
    let found = read(&store, |r| r.search_people("bob"));
    assert_eq!(home.rows[0].picture, picture);
    assert_eq!(people.rows[0].picture, picture);
    assert_eq!(found[0].picture, picture);

    write(&store, |w| w.delete_contact(&bob(), NOW));
    assert_eq!(shown(&store), None);
    assert_eq!(read(&store, |r| r.doomed_files()).len(), 1);
    // Whoever is accepted again begins anew.
    write(&store, |w| w.approve(&bob(), NOW));
    assert_eq!(due(&store, NOW), Vec::<String>::new());
}

fn uploaded(file: &SealedFile, name: &str, at: TimestampMs) -> UploadedPicture {
    UploadedPicture {
        id: file.into(),
        address: address(name),
        at,
        renew_at: at.plus_ms(24 * HOUR),
    }
}

fn own(store: &Store) -> OwnPicture {
    read(store, |r| r.own_picture()).unwrap()
}

fn choose(store: &Store, bytes: &[u8]) -> SealedFile {
    store
        .keep_file(bytes, |w, file| {
            w.set_own_picture(file, NOW)?;
            Ok::<_, StoreError>(file.clone())
        })
        .unwrap()
}

fn profile_time(store: &Store) -> TimestampMs {
    read(store, |r| r.profile_updated_at())
}

#[test]
fn att_81_others_get_a_picture_when_it_is_on_the_server_and_with_a_later_second() {
    let store = store();
    write(&store, |w| w.set_display_name("Alice", NOW));
    assert_eq!(read(&store, |r| r.own_picture()), None);
    let first = choose(&store, b"first");
    let shown = read(&store, |r| r.account()).unwrap();
    assert_eq!(
        (shown.picture, shown.picture_tries),
        (Some((&first).into()), Some(0))
    );
    assert_eq!((own(&store).address, profile_time(&store)), (None, NOW));
    let tried = own(&store);
    write(&store, |w| {
        w.record_own_picture_attempt(&tried, NOW.plus_ms(HOUR))
    });
    assert_eq!(read(&store, |r| r.account()).unwrap().picture_tries, Some(1));

    // Within the same second as the name.
    assert!(write(&store, |w| w.mark_own_picture_uploaded(&uploaded(
        &first,
        "a",
        NOW.plus_ms(1)
    ))));
    assert_eq!(profile_time(&store), NOW.plus_ms(1_000));
    assert_eq!(
        (own(&store).set_at, own(&store).renewed_at),
        (NOW.plus_ms(1_000), TimestampMs(0))
    );
    assert_eq!(read(&store, |r| r.account()).unwrap().picture_tries, None);

    // Until the second one is uploaded others get the first.
    let second = choose(&store, b"second");
    write(&store, |w| {
        w.record_own_picture_attempt(&tried, NOW.plus_ms(HOUR))
    });
    assert_eq!((own(&store).attempts, own(&store).next_try_at), (0, NOW));
    assert_eq!(own(&store).address, Some(address("a")));
    assert!(!write(&store, |w| w
        .mark_own_picture_uploaded(&uploaded(&first, "late", NOW))));
    assert_eq!(own(&store).task, PictureTask::Upload);
    let later = NOW.plus_ms(HOUR);
    assert!(write(&store, |w| w
        .mark_own_picture_uploaded(&uploaded(&second, "b", later))));
    assert_eq!(
        (own(&store).address, own(&store).set_at),
        (Some(address("b")), later)
    );

    // Uploaded again under another name: the profile is newer, the choice is not.
    let renewed = NOW.plus_ms(2 * HOUR);
    write(&store, |w| {
        w.mark_own_picture_uploaded(&uploaded(&second, "c", renewed))
    });
    assert_eq!((own(&store).set_at, own(&store).renewed_at), (later, renewed));
    assert_eq!(profile_time(&store), renewed);
    write(&store, |w| w.set_display_name("Alicia", renewed));
    assert_eq!(profile_time(&store), renewed.plus_ms(1_000));
}

#[test]
fn a_picture_that_is_removed_goes_for_others_too_and_is_not_uploaded_any_more() {
    let store = store();
    let file = choose(&store, b"never seen");
    write(&store, |w| w.remove_own_picture(NOW));
    assert_eq!(
        (own(&store).set_at, own(&store).task),
        (TimestampMs(0), PictureTask::Nothing)
    );
    assert!(!write(&store, |w| w
        .mark_own_picture_uploaded(&uploaded(&file, "a", NOW))));

    let file = choose(&store, b"seen");
    write(&store, |w| {
        w.mark_own_picture_uploaded(&uploaded(&file, "a", NOW))
    });
    write(&store, |w| w.remove_own_picture(NOW.plus_ms(HOUR)));
    let gone = own(&store);
    assert_eq!(
        (gone.file, gone.address, gone.set_at),
        (None, None, NOW.plus_ms(HOUR))
    );
    store.sweep_files().unwrap();
    assert!(store.files().read(&file).is_err());
}

#[test]
fn a_picture_that_another_device_replaced_is_not_uploaded_under_the_new_name() {
    let store = store();
    write(&store, |w| w.set_display_name("Alice", NOW));
    let file = choose(&store, b"old");
    assert!(write(&store, |w| w
        .mark_own_picture_uploaded(&uploaded(&file, "old", NOW))));
    let later = NOW.plus_ms(HOUR);
    write(&store, |w| w.take_own_picture(Some(&address("new")), later));

    let own = own(&store);
    assert_eq!(
        (own.file.clone(), own.address.clone()),
        (None, Some(address("new")))
    );
    assert_eq!(
        shown_own(&store),
        Some((&file).into()),
        "until the new one is here"
    );
    assert!(!write(&store, |w| w
        .mark_own_picture_uploaded(&uploaded(&file, "again", later))));
    write(&store, |w| w.record_own_picture_attempt(&own, later));
    assert_eq!(read(&store, |r| r.own_picture()).unwrap().attempts, 1);
}

fn shown_own(store: &Store) -> Option<PictureId> {
    read(store, |r| r.account()).unwrap().picture
}

#[test]
fn strays_are_swept_and_pictures_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tern.db");
    let store = store_at(&path);
    let file = choose(&store, b"me");
    store.sweep_strays().unwrap();
    assert!(read(&store, |r| r.known_files()).contains(&file.name));
    drop(store);
    let store = Store::open(&path, &key()).unwrap();
    assert_eq!(store.files().read(&own(&store).file.unwrap()).unwrap(), b"me");
    write(&store, |w| w.delete_account());
    assert_eq!(read(&store, |r| r.own_picture()), None);
    store.sweep_files().unwrap();
    assert!(store.files().read(&file).is_err());
}
