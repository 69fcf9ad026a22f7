use super::*;

#[test]
fn att_15_commands_are_read_as_they_are_written() {
    let get = QuicCommand::Get(FileId::parse("abc").unwrap());
    let put = QuicCommand::Put {
        size: 10_223_616,
        ttl_s: Some(3_600),
    };
    assert_eq!(put.encode(), b"32:d1:!3:PUT1:si10223616e1:ti3600ee");
    for command in [get, put] {
        let mut stream = command.encode();
        let len = stream.len();
        stream.extend_from_slice(b"7:file");
        assert_eq!(QuicCommand::parse(&stream), Ok((command, &b"7:file"[..])));
        for cut in 0..len {
            assert_eq!(
                QuicCommand::parse(&stream[..cut]),
                Err(QuicCommandError::Incomplete),
                "{cut}"
            );
        }
    }
}

#[test]
fn att_15_other_commands_are_refused() {
    use QuicCommandError::{Malformed, Unknown};
    let cases: [(&[u8], _); 10] = [
        (b"x", Malformed),
        (b":de", Malformed),
        (b"2:le", Malformed),
        (b"2:de", Malformed),
        (b"9999:d", Malformed),
        (b"99999999999999999999999:d", Malformed),
        (b"11:d1:!3:PUTee", Malformed),
        (b"18:d1:#3:a/b1:!3:GETe", Malformed),
        (b"19:d1:!3:PUT1:si-1ee  ", Malformed),
        (b"10:d1:!3:DELe", Unknown),
    ];
    for (stream, error) in cases {
        let text = String::from_utf8_lossy(stream);
        assert_eq!(QuicCommand::parse(stream).map(|_| ()), Err(error), "{text}");
    }
}
