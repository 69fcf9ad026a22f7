use super::*;

/// A microphone that says what it is told, at 8,000 samples a second.
struct Said(mpsc::Receiver<Listener>);

impl Said {
    fn recording() -> (Recording, Listener, Receiver<Progress>) {
        let (told, progress) = mpsc::channel();
        let (opened, said) = mpsc::channel();
        let open = move |listener| {
            opened.send(listener).unwrap();
            Ok(Microphone {
                rate: 8_000,
                _stream: Box::new(()),
            })
        };
        let recording = Recording::over(open, move |progress| {
            // After the end of a test nobody wants to know.
            let _ = told.send(progress);
        });
        let listener = Said(said).0.recv().unwrap();
        (recording.unwrap(), listener, progress)
    }
}

fn seconds(count: usize) -> Heard {
    Heard::Samples(vec![0.25; 8_000 * count])
}

#[test]
fn what_was_heard_until_the_end_is_handed_over() {
    let (recording, mut says, progress) = Said::recording();
    says(seconds(1));
    says(seconds(2));
    assert_eq!(progress.recv(), Ok(Progress::Heard(Duration::from_secs(1))));
    assert_eq!(progress.recv(), Ok(Progress::Heard(Duration::from_secs(3))));
    let clip = recording.finish().unwrap();
    assert_eq!(clip.heard, Duration::from_secs(3));
    let ms = media::sound_duration_ms(&clip.bytes).unwrap();
    assert!((3_000..3_200).contains(&ms), "{ms}");
    assert!(
        !format!("{clip:?}").contains("bytes"),
        "sound does not get into a log"
    );
}

#[test]
fn after_five_minutes_the_clip_is_kept_and_nothing_more_is_heard() {
    let (recording, mut says, progress) = Said::recording();
    for _ in 0..5 {
        says(seconds(60));
        progress.recv().unwrap();
    }
    says(seconds(60));
    let clip = recording.finish().unwrap();
    assert_eq!(clip.heard, LONGEST);
    assert_eq!(progress.try_iter().count(), 0);
}

#[test]
fn a_microphone_that_goes_away_leaves_what_it_heard() {
    let (recording, mut says, progress) = Said::recording();
    says(seconds(2));
    says(Heard::Gone);
    says(seconds(2));
    assert_eq!(progress.recv(), Ok(Progress::Heard(Duration::from_secs(2))));
    assert_eq!(progress.recv(), Ok(Progress::Gone));
    assert_eq!(recording.finish().unwrap().heard, Duration::from_secs(2));
}

#[test]
fn a_recording_that_is_dropped_closes_the_microphone() {
    struct Open(mpsc::Sender<()>);
    impl Drop for Open {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (closes, closed) = mpsc::channel();
    let open = move |_listener| {
        Ok(Microphone {
            rate: 48_000,
            _stream: Box::new(Open(closes)),
        })
    };
    drop(Recording::over(open, |_| {}).unwrap());
    assert_eq!(closed.recv(), Ok(()));
}

#[test]
fn without_a_microphone_nothing_starts() {
    let refused = Recording::over(|_| Err(VoiceError::NoMicrophone), |_| {});
    assert_eq!(refused.err(), Some(VoiceError::NoMicrophone));
}
