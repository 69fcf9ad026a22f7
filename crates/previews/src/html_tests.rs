use super::*;

fn said(page: &str) -> Said {
    read(page.as_bytes(), "text/html")
}

fn title(page: &str) -> String {
    said(page).title
}

#[test]
fn what_a_page_says_for_previews_goes_before_its_title() {
    let page = r#"<!doctype html><html><head><title>Terns - Birds of the sea</title>
        <meta property="og:title" content="Terns &amp; gulls">
        <meta name='twitter:title' content='other'>
        <META PROPERTY="OG:IMAGE" CONTENT="/tern.jpg"><meta property="og:image" content="/second.jpg">
        </head><body>...</body></html>"#;
    assert_eq!(
        said(page),
        Said {
            title: "Terns & gulls".to_owned(),
            picture: Some("/tern.jpg".to_owned())
        }
    );
}

#[test]
fn a_title_is_text_and_ends_where_it_ends() {
    assert_eq!(
        title("<title>a &lt;b&gt; c</title><title>second</title>"),
        "a <b> c"
    );
    assert_eq!(title("<title>a <b>c</b></title>d"), "a <b>c</b>");
    assert_eq!(title("<title>never closed"), "never closed");
    assert_eq!(title("<p>no title</p>"), "");
    assert_eq!(title(""), "");
}

#[test]
fn what_only_looks_like_markup_is_passed_over() {
    for hidden in [
        "<script>'<title>x</title>'</script>",
        "<style>/* <title>x</title> */</style>",
        "<!-- <title>x</title> -->",
        "<textarea><title>x</title></textarea>",
        "<meta content='<title>x</title>'>",
    ] {
        assert_eq!(title(&format!("{hidden}<title>y</title>")), "y", "{hidden}");
    }
}

#[test]
fn other_encodings_are_read() {
    let page = b"<meta charset=\"windows-1252\"><title>K\xfcstenseeschwalbe</title>";
    assert_eq!(read(page, "text/html").title, "K\u{fc}stenseeschwalbe");
    let page = b"<title>\x83A\x83W\x83T\x83V</title>";
    assert_eq!(
        read(page, "text/html; charset=Shift_JIS").title,
        "\u{30a2}\u{30b8}\u{30b5}\u{30b7}"
    );
    let page = b"<meta charset=no-such-thing><title>a\xff</title>";
    assert_eq!(read(page, "text/html").title, "a\u{fffd}");
}

#[test]
fn long_values_are_not_kept() {
    let long = "a".repeat(LONGEST + 1);
    let page = format!("<meta property=og:title content={long}><meta property=og:image content={long}>");
    assert_eq!(said(&page), Said::default());
    assert_eq!(title(&format!("<title>{long}</title>")).len(), 0);
}
