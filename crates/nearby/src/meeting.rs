//! From a connection to a code on both screens, and from there to a channel that both people have agreed to.

use std::time::Duration;

use rand_core::CryptoRng;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::code::{self, NONCE_LEN};
use crate::handshake;
use crate::{Channel, Code, FIRST_LEN, Frame, Handshake, NearbyError, Reason, Secret, Side};

/// How long the handshake may take, code and all.
pub(crate) const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a stranger may be silent.
const LONGEST_FIRST: Duration = Duration::from_secs(2);
/// How long people may take to compare the codes.
const LONGEST_COMPARISON: Duration = Duration::from_secs(300);

/// A connection to a device of the same account, of which the people have yet to say that it is the one they mean.
#[derive(Debug)]
pub struct Meeting {
    channel: Channel,
    code: Code,
}

/// What a person says of the two codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They are the same.
    Same,
    /// They are not.
    Different,
    /// Nothing; it is ended.
    Cancelled,
}

/// The randomness of one handshake.
pub(crate) struct Seeds {
    noise: Zeroizing<[u8; 32]>,
    number: [u8; NONCE_LEN],
}

impl Seeds {
    pub(crate) fn draw(rng: &mut impl CryptoRng) -> Self {
        let mut seeds = Self {
            noise: Zeroizing::new([0; 32]),
            number: [0; NONCE_LEN],
        };
        rng.fill_bytes(seeds.noise.as_mut_slice());
        rng.fill_bytes(&mut seeds.number);
        seeds
    }
}

impl Meeting {
    /// What both devices show.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Waits until the people at both devices have said that the codes are the same.
    ///
    /// # Errors
    /// [`NearbyError::CodesDiffer`] and [`NearbyError::Ended`] for what was answered here and there,
    /// [`NearbyError::Unconfirmed`] after five minutes, [`NearbyError::Broken`], [`NearbyError::Invalid`].
    pub async fn compare(self, answer: impl Future<Output = Answer>) -> Result<Channel, NearbyError> {
        let mut channel = self.channel;
        let mut answer = std::pin::pin!(answer);
        let mut late = std::pin::pin!(tokio::time::sleep(LONGEST_COMPARISON));
        let (mut here, mut there) = (false, false);
        while !(here && there) {
            tokio::select! {
                answer = &mut answer, if !here => match answer {
                    Answer::Same => {
                        channel.send(&Frame::Agreed).await?;
                        here = true;
                    }
                    Answer::Different => {
                        channel.stop(Reason::CodesDiffer).await;
                        return Err(NearbyError::CodesDiffer);
                    }
                    Answer::Cancelled => {
                        channel.stop(Reason::Cancelled).await;
                        return Err(NearbyError::Ended(Reason::Cancelled));
                    }
                },
                frame = channel.receive() => match frame? {
                    Frame::Agreed if !there => there = true,
                    other => return Err(other.instead()),
                },
                () = &mut late => {
                    channel.stop(Reason::Cancelled).await;
                    return Err(NearbyError::Unconfirmed);
                }
            }
        }
        Ok(channel)
    }
}

/// A device of the same account that has bound itself to its number and knows nothing of this side's yet.
///
/// Who is told this side's number knows the code. If that could be had again and again, who has the recovery phrase could
/// try until the code is one that another screen shows already: so it is told once, and whatever becomes of it is seen.
pub(crate) struct Bound {
    channel: Channel,
    hash: [u8; 32],
    commitment: [u8; 32],
    number: [u8; NONCE_LEN],
}

/// The giving side's handshake, as far as it tells nothing; within its time.
pub(crate) async fn welcome<S>(stream: S, secret: &Secret, seeds: Seeds) -> Result<Bound, NearbyError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    in_time(LONGEST_HANDSHAKE, bind(stream, secret, seeds)).await
}

async fn bind<S>(mut stream: S, secret: &Secret, seeds: Seeds) -> Result<Bound, NearbyError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut handshake = Handshake::new(Side::Giver, secret, &seeds.noise)?;
    // Those who say nothing must not keep others waiting.
    let first = in_time(LONGEST_FIRST, read_first(&mut stream)).await?;
    match handshake.read(&first) {
        // Who speaks another version is told which one this is.
        Err(error @ crate::HandshakeError::Version(_)) => {
            let _ = stream.write_all(&handshake::other_version()).await;
            return Err(error.into());
        }
        read => read?,
    }
    stream
        .write_all(&handshake.write()?)
        .await
        .map_err(|_| NearbyError::Broken)?;
    let (keys, hash) = handshake.finish()?;
    let mut channel = Channel::new(stream, keys);
    match channel.receive().await? {
        Frame::Commit(commitment) => Ok(Bound {
            channel,
            hash,
            commitment,
            number: seeds.number,
        }),
        _ => Err(NearbyError::Invalid),
    }
}

impl Bound {
    /// Tells this side's number and takes theirs; within its time.
    pub(crate) async fn exchange(mut self) -> Result<Meeting, NearbyError> {
        let channel = &mut self.channel;
        let revealed = async {
            channel.send(&Frame::Number(self.number)).await?;
            channel.receive().await
        };
        match in_time(LONGEST_HANDSHAKE, revealed).await? {
            Frame::Reveal(number) if code::opens(&self.commitment, &self.hash, &number) => Ok(Meeting {
                code: code::code(&self.hash, &self.number, &number),
                channel: self.channel,
            }),
            _ => Err(NearbyError::Invalid),
        }
    }
}

/// The taking side's handshake, within its time.
pub(crate) async fn approach<S>(stream: S, secret: &Secret, seeds: Seeds) -> Result<Meeting, NearbyError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    in_time(LONGEST_HANDSHAKE, as_taker(stream, secret, seeds)).await
}

async fn as_taker<S>(mut stream: S, secret: &Secret, seeds: Seeds) -> Result<Meeting, NearbyError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let mut handshake = Handshake::new(Side::Taker, secret, &seeds.noise)?;
    stream
        .write_all(&handshake.write()?)
        .await
        .map_err(|_| NearbyError::Broken)?;
    // A giver with another account closes the connection without a word.
    let first = read_first(&mut stream)
        .await
        .map_err(|_| NearbyError::OtherAccount)?;
    handshake.read(&first)?;
    let (keys, hash) = handshake.finish()?;
    let mut channel = Channel::new(stream, keys);
    let commitment = code::commitment(&hash, &seeds.number);
    channel.send(&Frame::Commit(commitment)).await?;
    let Frame::Number(number) = channel.receive().await? else {
        return Err(NearbyError::Invalid);
    };
    channel.send(&Frame::Reveal(seeds.number)).await?;
    Ok(Meeting {
        channel,
        code: code::code(&hash, &number, &seeds.number),
    })
}

/// [`NearbyError::Broken`] when something takes longer.
async fn in_time<T>(
    longest: Duration,
    work: impl Future<Output = Result<T, NearbyError>>,
) -> Result<T, NearbyError> {
    timeout(longest, work).await.unwrap_or(Err(NearbyError::Broken))
}

async fn read_first(stream: &mut (impl AsyncRead + Unpin)) -> Result<[u8; FIRST_LEN], NearbyError> {
    let mut first = [0; FIRST_LEN];
    match stream.read_exact(&mut first).await {
        Ok(_) => Ok(first),
        Err(_) => Err(NearbyError::Broken),
    }
}

#[cfg(test)]
#[path = "meeting_tests.rs"]
mod tests;
