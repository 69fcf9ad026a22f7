//! A server that is cut, killed and started again in the middle of transfers.

use node::{Cut, FileHost};
use protocol::file_server::{FileRequest, Uploaded, downloaded};

use crate::client::{ask, content, files_in, host, upload, uploaded};

const FILES: usize = 20;

/// Positions that look random and are the same in each run.
fn positions(seed: u64, below: u64) -> impl Iterator<Item = u64> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    })
}

/// Asks until there is an answer.
async fn persist(host: &FileHost, request: &FileRequest) -> protocol::onion::ServerReply {
    loop {
        if let Ok(reply) = ask(host, request.clone()).await {
            return reply;
        }
        assert!(host.is_running(), "nobody will answer");
    }
}

#[tokio::test]
async fn fil_23_twenty_files_of_10_mb_arrive_whole_however_often_the_connection_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let faults = host.faults();
    for ((index, request_at), answer_at) in (0..FILES)
        .zip(positions(1, 10_000_000))
        .zip(positions(2, 10_000_000))
    {
        let file = content(10_000_000 - index);
        faults.cut([Cut::Request(request_at)]);
        let id = Uploaded::parse(&persist(&host, &upload(&file)).await).unwrap().id;
        faults.cut([Cut::Answer(answer_at)]);
        let got = downloaded(persist(&host, &FileRequest::Download(id)).await).unwrap();
        assert!(got == file, "file {index}");
        assert_eq!(faults.cuts_left(), 0, "all cuts struck");
    }
    assert_eq!(files_in(folder.path()), FILES);
}

#[tokio::test]
async fn fil_23_a_server_that_is_killed_in_the_middle_of_an_upload_keeps_all_that_it_promised() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path(), |_| {}).await;
    let mut kept = Vec::new();
    for (index, at) in (0..5).zip(positions(3, 2_000_000)) {
        let file = content(2_000_000 + index);
        host.faults().cut([Cut::Request(at)]);
        let sending = ask(&host, upload(&file));
        let killing = async {
            host.faults().wait_for_cuts().await;
            host.kill().await;
        };
        let (answer, ()) = tokio::join!(sending, killing);
        assert!(answer.is_err());
        host.restart().await.unwrap();
        for (id, file) in &kept {
            let reply = ask(
                &host,
                FileRequest::Download(protocol::file_server::FileId::clone(id)),
            )
            .await
            .unwrap();
            assert!(&reply.body == file);
        }
        assert_eq!(files_in(folder.path()), kept.len(), "nothing of it is left");
        kept.push((uploaded(&host, &file).await, file));
    }
}
