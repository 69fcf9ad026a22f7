use proptest::prelude::*;

use super::*;
use crate::config::value::{Scalar, Set, Value};
use crate::config::{Merged, merge};

const UNSIGNED: Authority = Authority::Unsigned;

fn parse(text: &str) -> Result<Revision, RevisionError> {
    Revision::parse(text.as_bytes(), &UNSIGNED)
}

#[test]
fn cfg_08_the_first_key_is_the_number() {
    assert!(parse("d1:#i0e1:&de1:<le1:=dee").is_ok());
    assert_eq!(
        parse("d1:!0:1:#i0e1:&de1:<le1:=dee"),
        Err(RevisionError::Key('#'))
    );
    assert_eq!(parse("d1:&de1:<le1:=dee"), Err(RevisionError::Key('#')));
    assert_eq!(parse("d1:#1:01:&de1:<le1:=dee"), Err(RevisionError::Key('#')));
    assert_eq!(parse("d1:#i0e1:<le1:=dee"), Err(RevisionError::Key('&')));
    assert_eq!(parse("d1:#i0e1:&le1:<le1:=dee"), Err(RevisionError::Key('&')));
    assert_eq!(parse("i0e"), Err(RevisionError::Key('#')));
}

#[test]
fn cfg_09_nothing_sorts_behind_the_signature() {
    let behind = "d1:#i0e1:&de1:<le1:=de2:~~0:e";
    assert_eq!(parse(behind), Err(RevisionError::Key('#')));
}

#[test]
fn cfg_10_unknown_keys_stay_where_they_are() {
    let text = "d1:#i7e1:$li1e1:xe1:&d1:ni1ee1:'0:1:<le2:<ad1:a0:e1:=de1:Zi-5ee";
    let revision = parse(text).unwrap();
    assert_eq!(revision.to_bytes(&UNSIGNED), text.as_bytes());
    let next = revision.revise(Dict::new(), &UNSIGNED).to_bytes(&UNSIGNED);
    let next = String::from_utf8_lossy(&next).into_owned();
    assert!(next.contains("1:$li1e1:xe") && next.contains("1:Zi-5e"), "{next}");
}

#[test]
fn cfg_11_earlier_revisions_are_in_order_and_earlier() {
    let hash = |byte: &str| format!("32:{}", byte.repeat(32));
    let with = |lagged: &str| parse(&format!("d1:#i9e1:&de1:<l{lagged}e1:=dee"));
    let (a, b) = (hash("a"), hash("b"));
    assert!(with(&format!("li8e{a}deeli8e{b}dee")).is_ok());
    for wrong in [
        format!("li9e{a}dee"),
        format!("li8e{b}deeli8e{a}dee"),
        format!("li8e{a}deeli8e{a}dee"),
        format!("li8e{a}deeli7e{a}dee"),
        "li8e3:abcdee".to_owned(),
        format!("li8e{a}dei1ee"),
        format!("li8e{a}e"),
        "i1e".to_owned(),
    ] {
        assert_eq!(with(&wrong), Err(RevisionError::Lagged), "{wrong}");
    }
    // What is too old is passed over, whatever it is.
    assert_eq!(with("li4e1:xe").unwrap().lagged.len(), 0);
    assert_eq!(with(&format!("li5e{a}dee")).unwrap().lagged.len(), 1);
}

#[test]
fn cfg_06_diffs_hold_nothing_but_changes() {
    let with = |diff: &str| parse(&format!("d1:#i9e1:&de1:<le1:={diff}e"));
    assert!(with("d1:a0:1:b1:-1:clleleee").is_ok());
    for wrong in [
        "d1:ai1ee",
        "d1:a1:xe",
        "d1:alee",
        "d1:alleee",
        "d1:alleleleee",
        "le",
    ] {
        assert_eq!(with(wrong), Err(RevisionError::Diff), "{wrong}");
    }
    assert_eq!(with("d1:alli2ei1eeleee"), Err(RevisionError::Data));
}

#[test]
fn cfg_12_a_revision_speaks_for_the_four_before_it() {
    let mut revision = Revision::default();
    for number in 1..=9_i64 {
        let data = Dict::from([(b"n".to_vec(), Value::from(number))]);
        revision = revision.revise(data, &UNSIGNED);
    }
    let parsed = Revision::parse(&revision.to_bytes(&UNSIGNED), &UNSIGNED).unwrap();
    let earlier: Vec<_> = parsed.lagged.keys().map(|id| id.seqno).collect();
    assert_eq!(earlier, [5, 6, 7, 8]);
}

#[test]
fn cfg_02_the_ends_of_the_range_of_numbers() {
    let far = parse(&format!("d1:#i{}e1:&de1:<le1:=dee", i64::MAX)).unwrap();
    assert_eq!(far.revise(Dict::new(), &UNSIGNED).seqno(), i64::MAX);
    let low = parse(&format!("d1:#i{}e1:&de1:<le1:=dee", i64::MIN)).unwrap();
    let ids = [far.id(&UNSIGNED), low.id(&UNSIGNED)];
    let merged = merge(&[(&far, ids[0]), (&low, ids[1])], &UNSIGNED);
    assert_eq!(merged, Some(Merged::Chosen(0)));
    let wide = parse(&format!("d1:#i0e1:&d1:ni{}ee1:<le1:=dee", u64::MAX));
    assert_eq!(wide, Err(RevisionError::Data));
}

/// Small trees, with few keys so that two of them collide.
fn tree() -> impl Strategy<Value = Dict> {
    let scalar = || {
        prop_oneof![
            (-2..3_i64).prop_map(Scalar::Int),
            "[a-c]{0,2}".prop_map(|text| Scalar::Bytes(text.into_bytes())),
        ]
    };
    let set = prop::collection::btree_set(scalar(), 1..4).prop_map(|set: Set| Value::Set(set));
    let leaf = prop_oneof![scalar().prop_map(Value::Scalar), set];
    let dict = leaf.prop_recursive(3, 12, 3, |inner| {
        prop::collection::btree_map("[a-d]".prop_map(String::into_bytes), inner, 1..4)
            .prop_map(|dict| Value::Dict(Arc::new(dict)))
    });
    prop::collection::btree_map("[a-d]".prop_map(String::into_bytes), dict, 0..4)
}

proptest! {
    #[test]
    fn cfg_07_a_difference_leads_from_one_tree_to_the_other(old in tree(), new in tree()) {
        let diff = difference(&old, &new);
        let mut data = old.clone();
        super::super::change::replay(&mut data, &diff, &new);
        prune(&mut data);
        prop_assert_eq!(&data, &new);
        prop_assert_eq!(diff.is_empty(), old == new);
    }

    #[test]
    fn cfg_08_what_is_written_is_read(first in tree(), second in tree()) {
        let revision = Revision::first(3, first).revise(second, &UNSIGNED);
        let bytes = revision.to_bytes(&UNSIGNED);
        prop_assert_eq!(Revision::parse(&bytes, &UNSIGNED).unwrap(), revision);
    }

    #[test]
    fn cfg_08_what_is_read_does_not_depend_on_what_is_known(known in tree(), data in tree()) {
        let revision = Revision::first(3, data);
        let bytes = revision.to_bytes(&UNSIGNED);
        prop_assert_eq!(&Revision::parse_like(&bytes, &UNSIGNED, &known).unwrap(), &revision);
        prop_assert_eq!(&Revision::parse_like(&bytes, &UNSIGNED, revision.data()).unwrap(), &revision);
    }

    #[test]
    fn cfg_13_the_order_of_revisions_does_not_matter(base in tree(), ours in tree(), theirs in tree(), third in tree()) {
        let base = Revision::first(1, base);
        let all: Vec<_> = [ours, theirs, third]
            .into_iter()
            .map(|data| {
                let revision = base.revise(data, &UNSIGNED);
                let id = revision.id(&UNSIGNED);
                (revision, id)
            })
            .collect();
        let merged = |order: [usize; 3]| {
            let revisions = order.map(|index| (&all[index].0, all[index].1));
            match merge(&revisions, &UNSIGNED).unwrap() {
                Merged::Chosen(index) => revisions[index].0.to_bytes(&UNSIGNED),
                Merged::Resolved(revision) => revision.to_bytes(&UNSIGNED),
            }
        };
        let first = merged([0, 1, 2]);
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            prop_assert_eq!(&merged(order), &first);
        }
    }

    #[test]
    fn cfg_08_changed_messages_are_refused_or_read_the_same_way_again(
        data in tree(),
        at in any::<prop::sample::Index>(),
        byte: u8,
    ) {
        let mut bytes = Revision::first(1, data).to_bytes(&UNSIGNED);
        let index = at.index(bytes.len());
        bytes[index] = byte;
        if let Ok(revision) = Revision::parse(&bytes, &UNSIGNED) {
            let again = revision.to_bytes(&UNSIGNED);
            prop_assert_eq!(Revision::parse(&again, &UNSIGNED).unwrap(), revision);
        }
    }
}
