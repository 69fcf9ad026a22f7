//! `tern rpc`: the whole contract as JSON-RPC 2.0, one message a line on standard input and output.
//!
//! Commands are carried out in the order in which they come; only looking for messages, which may take a while, keeps
//! nobody waiting. Events go out between answers, as notifications. The run ends when standard input ends, after
//! everything was answered.

mod message;

use contract::Command;
use futures::stream::{FuturesUnordered, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader, stdin, stdout};
use tokio::sync::mpsc;

use crate::exit::Stop;
use crate::session::{Events, Session};
use message::{Incoming, Line};

/// The longest line that is read.
const MOST_BYTES: usize = 1024 * 1024;
/// Lines that may wait for a reader who is slow.
const WAITING_LINES: usize = 256;
/// Looks for messages that may be under way at once; further ones wait like any other command.
const MOST_ASIDE: usize = 8;

/// A line of input, or what came instead.
enum Input {
    Line(Vec<u8>),
    TooLong,
    End,
}

pub(crate) async fn run(session: &Session) -> Result<(), Stop> {
    let (lines, waiting) = mpsc::channel(WAITING_LINES);
    let writer = tokio::spawn(write(waiting));
    let (arriving, input) = mpsc::channel(1);
    // Ends with the input, or with the program: nothing can call a reading of standard input back.
    tokio::spawn(read(BufReader::new(stdin()), arriving));
    let result = tokio::select! {
        result = answer(session, input, &lines) => result,
        result = forward(session.events(), &lines) => result,
        () = lines.closed() => Err(Stop::OutputClosed),
    };
    drop(lines);
    // What was answered is written before the end, if somebody still reads it.
    if writer.await.is_err() {
        tracing::error!("the writer of standard output panicked");
    }
    result
}

/// Carries out one line after the other, until input ends and everything was answered.
async fn answer(
    session: &Session,
    mut input: mpsc::Receiver<Result<Input, Stop>>,
    lines: &mpsc::Sender<Value>,
) -> Result<(), Stop> {
    let mut aside = FuturesUnordered::new();
    let mut ended = false;
    while !ended || !aside.is_empty() {
        let answer = tokio::select! {
            Some(answer) = aside.next() => answer,
            next = input.recv(), if !ended => match next.unwrap_or(Ok(Input::End))? {
                Input::End => {
                    ended = true;
                    None
                }
                Input::TooLong => Some(message::too_long(MOST_BYTES)),
                Input::Line(line) if line.trim_ascii().is_empty() => None,
                Input::Line(line) => match message::parse(&line) {
                    Line::Single(incoming) if is_slow(&incoming) && aside.len() < MOST_ASIDE => {
                        aside.push(carry_out(session, incoming));
                        None
                    }
                    Line::Single(incoming) => carry_out(session, incoming).await,
                    Line::Batch(batch) => carry_out_batch(session, batch).await,
                },
            },
        };
        if let Some(answer) = answer {
            lines.send(answer).await.map_err(|_| Stop::OutputClosed)?;
        }
    }
    Ok(())
}

/// Whether a command waits for the network.
fn is_slow(incoming: &Incoming) -> bool {
    matches!(incoming, Incoming::Call { command, .. } if matches!(**command, Command::PollNow(_)))
}

/// Hands over one line after the other until the input ends.
async fn read(mut input: impl AsyncBufRead + Unpin, arriving: mpsc::Sender<Result<Input, Stop>>) {
    loop {
        let next = read_line(&mut input).await;
        let last = !matches!(next, Ok(Input::Line(_) | Input::TooLong));
        if arriving.send(next).await.is_err() || last {
            return;
        }
    }
}

async fn carry_out_batch(session: &Session, batch: Vec<Incoming>) -> Option<Value> {
    let mut answers = Vec::new();
    for incoming in batch {
        answers.extend(carry_out(session, incoming).await);
    }
    (!answers.is_empty()).then_some(Value::Array(answers))
}

async fn carry_out(session: &Session, incoming: Incoming) -> Option<Value> {
    let (id, command) = match incoming {
        Incoming::Refused(answer) => return answer,
        Incoming::Call { id, command } => (id, command),
    };
    let result = session.command(*command).await;
    let id = id?;
    Some(match result {
        Ok(reply) => message::success(id, reply),
        Err(failure) => message::failure(id, &failure),
    })
}

async fn forward(mut events: Events, lines: &mpsc::Sender<Value>) -> Result<(), Stop> {
    loop {
        let event = events.next().await;
        lines
            .send(message::event(&event))
            .await
            .map_err(|_| Stop::OutputClosed)?;
    }
}

/// Writes lines until there are no more or nobody reads them.
async fn write(mut waiting: mpsc::Receiver<Value>) {
    let mut stdout = stdout();
    while let Some(value) = waiting.recv().await {
        let mut line = value.to_string();
        line.push('\n');
        let written = async {
            stdout.write_all(line.as_bytes()).await?;
            stdout.flush().await
        };
        if written.await.is_err() {
            return;
        }
    }
}

/// Reads up to a line break. Of a line that is too long nothing is kept.
async fn read_line(input: &mut (impl AsyncBufRead + Unpin)) -> Result<Input, Stop> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let chunk = input.fill_buf().await?;
        if chunk.is_empty() {
            return Ok(match (too_long, line.is_empty()) {
                (true, _) => Input::TooLong,
                (false, true) => Input::End,
                (false, false) => Input::Line(line),
            });
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default();
        too_long |= line.len() + part.len() > MOST_BYTES;
        match too_long {
            true => line.clear(),
            false => line.extend_from_slice(part),
        }
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            return Ok(if too_long {
                Input::TooLong
            } else {
                Input::Line(line)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_all(input: &[u8]) -> Vec<String> {
        let mut input = BufReader::with_capacity(16, input);
        let mut lines = Vec::new();
        loop {
            match read_line(&mut input).await.unwrap() {
                Input::End => return lines,
                Input::TooLong => lines.push("too long".to_owned()),
                Input::Line(line) => lines.push(String::from_utf8(line).unwrap()),
            }
        }
    }

    #[tokio::test]
    async fn lines_end_with_a_break_or_with_the_input() {
        assert_eq!(
            read_all(b"one\n\nthis one is longer than the buffer\nlast").await,
            ["one", "", "this one is longer than the buffer", "last"]
        );
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_costs_no_memory_and_no_other_line() {
        let mut input = vec![b'x'; MOST_BYTES + 1];
        input.extend_from_slice(b"\nnext\n");
        assert_eq!(read_all(&input).await, ["too long", "next"]);
    }
}
