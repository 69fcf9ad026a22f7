//! Visits to a website that tells what it was asked.
#![allow(clippy::unwrap_used)] // A failing step is the failure of the test.

use dialer::{Dialer, Proxy};
use previews::{Direct, Page, Reach, VisitError, Websites};
use website::{Answer, SocksProxy, Website};

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

/// Somebody who trusts a website on this machine.
fn visitor(website: &Website) -> Direct {
    visitor_through(website, Dialer::default())
}

fn visitor_through(website: &Website, dialer: Dialer) -> Direct {
    Direct::new(Reach {
        private_addresses: true,
        dialer,
        more_roots: vec![website.certificate().to_vec()],
    })
}

fn titled(title: &str) -> Page {
    Page {
        title: title.to_owned(),
        picture: None,
    }
}

async fn visit(website: &Website, path: &str) -> Result<Page, VisitError> {
    visitor(website).visit(&website.link(path)).await
}

#[tokio::test]
async fn a_visit_brings_title_and_picture_and_tells_nothing() {
    let website = Website::start(|target| {
        Some(match target {
            "/terns?sort=name" => Answer::html(
                "<title>x</title><meta property=og:title content=Terns><meta property=og:image content='p/1.png'>",
            ),
            "/p/1.png" => Answer::of_type("image/png", PICTURE),
            _ => Answer::missing(),
        })
    })
    .await;
    let page = visit(&website, "/terns?sort=name#second").await.unwrap();
    assert_eq!(
        page,
        Page {
            title: "Terns".to_owned(),
            picture: Some(PICTURE.to_vec())
        }
    );
    let asked = website.asked();
    let targets: Vec<_> = asked.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(targets, ["/terns?sort=name", "/p/1.png"]);
    for one in asked {
        let names: Vec<_> = one.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["host", "user-agent", "accept", "accept-encoding"]);
        assert!(
            one.headers
                .contains(&("user-agent".to_owned(), "WhatsApp".to_owned()))
        );
    }
}

#[tokio::test]
async fn redirects_are_followed_over_https_only_and_not_for_ever() {
    let website = Website::start(|target| {
        let number = target.trim_start_matches('/').parse::<u32>();
        Some(match (target, number) {
            ("/plain", _) => Answer::redirect("http://localhost/"),
            ("/name", _) => Answer::redirect("https://me:secret@localhost/"),
            ("/file", _) => Answer::redirect("file:///etc/passwd"),
            ("/nowhere", _) => Answer {
                headers: Vec::new(),
                ..Answer::redirect("")
            },
            (_, Ok(0)) => Answer::html("<title>home</title>"),
            (_, Ok(number)) => Answer::redirect(&(number - 1).to_string()),
            _ => Answer::missing(),
        })
    })
    .await;
    assert_eq!(visit(&website, "/5").await, Ok(titled("home")));
    assert_eq!(visit(&website, "/6").await, Err(VisitError::Redirects));
    assert_eq!(visit(&website, "/plain").await, Err(VisitError::Address));
    assert_eq!(visit(&website, "/name").await, Err(VisitError::Address));
    assert_eq!(visit(&website, "/file").await, Err(VisitError::Address));
    assert_eq!(visit(&website, "/nowhere").await, Err(VisitError::Redirects));
    assert_eq!(visit(&website, "/gone").await, Err(VisitError::Status(404)));
}

#[tokio::test]
async fn only_pages_and_pictures_are_taken_and_only_so_much() {
    let website = Website::start(|target| {
        let page = |picture: &str| {
            Answer::html(&format!(
                "<title>t</title><meta property=og:image content={picture}>"
            ))
        };
        Some(match target {
            "/large" => Answer::html(&format!("<title>large</title>{}", "a".repeat(2_000_000))),
            "/late" => Answer::html(&format!("{}<title>late</title>", "a".repeat(600_000))),
            "/pdf" => Answer::of_type("application/pdf", b"<title>x</title>"),
            "/svg" => page("/x.svg"),
            "/huge" => page("/huge.png"),
            "/no" => page("/no.png"),
            "/plain" => page("http://localhost/x.png"),
            "/x.svg" => Answer::of_type("image/svg+xml", b"<svg/>"),
            "/huge.png" => Answer::of_type("image/png", &vec![0; 5_000_000]),
            _ => Answer::missing(),
        })
    })
    .await;
    assert_eq!(visit(&website, "/large").await, Ok(titled("large")));
    assert_eq!(visit(&website, "/late").await, Ok(titled("")));
    assert_eq!(visit(&website, "/pdf").await, Err(VisitError::Type));
    for without_picture in ["/svg", "/huge", "/no", "/plain"] {
        assert_eq!(
            visit(&website, without_picture).await,
            Ok(titled("t")),
            "{without_picture}"
        );
    }
}

#[tokio::test]
async fn nobody_else_is_spoken_to() {
    let website = Website::start(|_| Some(Answer::html("<title>t</title>"))).await;
    let link = website.link("/");
    // Its certificate is not one of the web's.
    let stranger = Direct::new(Reach {
        private_addresses: true,
        ..Reach::default()
    });
    assert_eq!(stranger.visit(&link).await, Err(VisitError::Unreachable));
    // The certificate is for a name, not for the address behind it.
    let by_number = link.replace("localhost", "127.0.0.1");
    assert_eq!(
        visitor(&website).visit(&by_number).await,
        Err(VisitError::Unreachable)
    );
    // A name that leads to this machine is not visited, nor are its addresses.
    let outside = Direct::new(Reach {
        private_addresses: false,
        dialer: Dialer::default(),
        more_roots: vec![website.certificate().to_vec()],
    });
    for near in [
        link.as_str(),
        &by_number,
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://192.168.1.1/",
        "https://10.0.0.1:8443/admin",
        "https://169.254.169.254/latest/meta-data",
        "https://0x7f000001/",
        "https://0/",
    ] {
        assert_eq!(outside.visit(near).await, Err(VisitError::NotPublic), "{near}");
    }
    for other in [
        "http://localhost/",
        "ftp://localhost/",
        "https://",
        "localhost",
        "",
        "https://a@localhost/",
    ] {
        assert_eq!(
            visitor(&website).visit(other).await,
            Err(VisitError::Address),
            "{other}"
        );
    }
    assert!(website.asked().is_empty());
}

#[tokio::test]
async fn a_redirect_does_not_lead_inside() {
    let inside = Website::start(|_| Some(Answer::html("<title>inside</title>"))).await;
    let target = inside.link("/").replace("localhost", "127.0.0.1");
    let outside = Website::start(move |_| Some(Answer::redirect(&target))).await;
    assert_eq!(visit(&outside, "/").await, Err(VisitError::Unreachable));
    assert!(inside.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_host_that_never_answers_is_given_up() {
    let website = Website::start(|_| None).await;
    assert_eq!(visit(&website, "/").await, Err(VisitError::TimedOut));
}

#[tokio::test]
async fn with_a_proxy_hosts_are_visited_through_it_and_their_names_are_its_business() {
    let website = Website::start(|_| Some(Answer::html("<title>through</title>"))).await;
    let (proxy, link) = (SocksProxy::start(None).await, website.link("/"));
    let at = proxy.address();
    let through = visitor_through(
        &website,
        Dialer::new(Some(Proxy {
            host: at.ip().to_string(),
            port: at.port(),
            login: None,
        })),
    );
    assert_eq!(through.visit(&link).await, Ok(titled("through")));
    let authority = link
        .trim_start_matches("https://")
        .trim_end_matches('/')
        .to_owned();
    assert_eq!(proxy.asked(), [authority]);
    drop(proxy);
    assert_eq!(through.visit(&link).await, Err(VisitError::Unreachable));
    assert_eq!(website.asked().len(), 1, "nothing went around the proxy");
}
