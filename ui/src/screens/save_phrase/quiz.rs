//! The check: one word of the phrase out of four.

use contract::{ErrorCode, Failure};
use leptos::prelude::*;

use crate::components::dialog::{Modal, Place};
use crate::locale::t;

const ANSWERS: usize = 4;

/// Which word is asked for, and what is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// Number of the word, from 1.
    number: usize,
    word: String,
    answers: Vec<String>,
}

impl Question {
    /// Chooses a question; every `seed` leads to one, and no secret depends on it. Needs four different words.
    pub(crate) fn choose(words: &[String], seed: u64) -> Option<Self> {
        let mut state = seed;
        let mut next = |below: usize| {
            // A linear congruential step: variety is all that is wanted.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).ok()?.checked_rem(below)
        };
        let number = next(words.len())? + 1;
        let word = words.get(number - 1)?.clone();
        let mut others: Vec<String> = words.iter().filter(|other| **other != word).cloned().collect();
        others.sort_unstable();
        others.dedup();
        let mut answers = Vec::with_capacity(ANSWERS);
        while answers.len() + 1 < ANSWERS {
            let index = next(others.len())?;
            answers.push(others.swap_remove(index));
        }
        answers.insert(next(ANSWERS)?, word.clone());
        Some(Self {
            number,
            word,
            answers,
        })
    }

    fn judge(&self, answer: &str) -> Result<(), Failure> {
        if answer == self.word {
            return Ok(());
        }
        Err(Failure::new(ErrorCode::PhraseQuiz).with("k", self.number))
    }
}

/// Asks.
#[component]
pub(crate) fn Quiz(
    /// What.
    question: Question,
    /// Told whether the answer was right.
    on_pick: Callback<(Result<(), Failure>,)>,
    /// Back to the words.
    on_close: Callback<()>,
) -> impl IntoView {
    let answers = question.answers.clone();
    view! {
        <Modal title=t!("phrase-quiz-title", k = question.number) testid="phrase-quiz" place=Place::Foot on_close>
            <p class="modal-text">{t!("phrase-quiz-body")}</p>
            <div class="quiz">
                {answers
                    .into_iter()
                    .map(|answer| {
                        let verdict = question.judge(&answer);
                        view! {
                            <button
                                class="button soft"
                                data-testid="phrase-quiz-word"
                                translate="no"
                                lang="en"
                                on:click=move |_| on_pick.run((verdict.clone(),))
                            >
                                {answer}
                            </button>
                        }
                    })
                    .collect_view()}
            </div>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<String> {
        "lamp river paper orange window forest garden island winter piano street coffee garden"
            .split(' ')
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn four_different_answers_hold_the_word() {
        for seed in 0..500 {
            let question = Question::choose(&words(), seed).expect("a question");
            let mut answers = question.answers.clone();
            answers.sort_unstable();
            answers.dedup();
            assert_eq!(answers.len(), ANSWERS);
            assert!(answers.contains(&words()[question.number - 1]));
        }
    }

    #[test]
    fn every_word_is_asked_for_by_some_seed() {
        let mut numbers: Vec<usize> = (0..2_000)
            .filter_map(|seed| Question::choose(&words(), seed))
            .map(|q| q.number)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers, (1..=13).collect::<Vec<_>>());
    }

    #[test]
    fn a_wrong_word_is_named() {
        let question = Question::choose(&words(), 1).expect("a question");
        assert_eq!(question.judge(&question.word), Ok(()));
        let wrong = question.judge("zebra").expect_err("wrong");
        assert_eq!(
            wrong,
            Failure::new(ErrorCode::PhraseQuiz).with("k", question.number)
        );
    }

    #[test]
    fn too_few_words_give_no_question() {
        assert_eq!(Question::choose(&[], 1), None);
        assert_eq!(Question::choose(&words()[..3], 1), None);
    }
}
