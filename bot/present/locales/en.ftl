# Every word that Tminus says, in English. A copy of this file under another language's code (de.ftl, pt-BR.ftl)
# is a translation: nothing else is needed. Syntax: https://projectfluent.org/fluent/guide/

## Commands, as menus list them (at most 100 characters)

command-start = Set up: exam, time zone, daily question
command-today = What is next today, and why
command-quiz = Questions on everything, a domain or a topic
command-review = Go over what is due
command-cards = Flashcards on everything, a domain or a topic
command-progress = Where you stand
command-settings = Change your choices
command-help = What I can do
command-forget = Delete everything I know about you
parameter-domain = A domain of the exam
parameter-topic = A topic
parameter-n = How many questions (1-50)

## Questions

question-head = Question { $number } of { $size } · { $domain }
submit = Submit
picked = Your answer: { $letters }. How sure are you?
sure = Sure
leaning = Leaning
guess = Guess

verdict-right = ✅ Right: { $letters }
verdict-lucky = ✅ Right, by a guess: { $letters }
verdict-wrong = ❌ Not this time. You said { $chosen }, the answer is { $letters }
decides = It turns on: { $words }
decides-part = “{ $part }”
note = Good to know: { $text }
source = Read more:
again = This idea comes back { $when }.
ask-cause = What went wrong? You can skip this.
cause-conceptual = Concept
cause-factual = Fact
cause-misread = Misread
cause-rushed = Rushed
cause-guessed = Guessed
cause-noted = Noted: { $cause ->
    [conceptual] the concept was not clear.
    [factual] a fact was missing.
    [misread] the question was misread.
    [rushed] it went too fast.
   *[guessed] it was a guess.
  }
next = Next
finish = Finish

finished-head = { $right } of { $answers } right
finished-all = Every one right. Well done.
finished-most = Well on the way.
finished-some = The ones you missed come back soon; that is where the points are.
finished-none = No answers this time. The questions will wait.
finished-due = { $due ->
    [one] One concept is due again.
   *[other] { $due } concepts are due again.
  }
finished-next = Next review { $when }.
finished-remind = Want a daily question? /start sets it up.
more = { $size } more
another-case = Another case
see-progress = Progress

nothing-due = Nothing is due. { $next ->
    [none] Answer a few questions first.
   *[some] The next review comes { $when }.
  }
new-questions = New questions
no-such-scope = The exam has no part called “{ $given }”.
no-such-scope-near = Did you mean one of these?
no-such-scope-none = /{ $command } alone is about everything; /progress names the domains.
empty-scope = There is no question on “{ $title }” yet. /quiz asks about everything.
empty-pack = This pack has no reviewed question yet.

## When

when-now = now
when-minutes = { $n ->
    [one] in a minute
   *[other] in { $n } minutes
  }
when-hours = { $n ->
    [one] in an hour
   *[other] in { $n } hours
  }
when-days = { $n ->
    [one] in a day
   *[other] in { $n } days
  }

## The daily question

push-head = Your question of the day
push-due = { $due ->
    [0] Three to start with.
    [one] One concept is due today.
   *[other] { $due } concepts are due today.
  }
push-slow = While you are away I write every third day. Any answer brings the daily question back.

## Getting to know you

step = Step { $number } of { $of }
skip = Skip
back = Settings

pick-pack = Which exam are you preparing for?
pack-line = { $code }: { $name }
pack-retired = { $code } is retired. Its last day was { $day }.
pack-retiring = { $code } is being retired. Its last day is { $day }.
pack-successors = Its successors: { $codes }.
study = Study { $code }

pick-zone = Where are you? Type your city or your time zone, like Lisbon or America/New_York.
pick-zone-current = Set to { $zone }, where it is { $time }.
pick-zone-several = There are several. Which one?
town = { $name }, { $country } ({ $zone })
zone-unknown = I don't know a place called “{ $given }”. Try the nearest big city, or a zone like Europe/Berlin.
type-zone = Type a city
zone-entry = City or time zone

pick-push-time = When shall I send your daily question? Tap a time or type one, like 7:30.
pick-push-time-current = Set to { $time } ({ $zone }).
pick-push-time-off = Now: no daily question.
no-push = No daily question
type-time = Another time
time-entry = Time, like 7:30
no-time = “{ $given }” is not a time I can read. Type it like 7:30, 18:00 or 6pm.
in-quiet-hours = { $given } is inside your quiet hours ({ $from } to { $to }). Choose another time, or change the quiet hours in /settings.

pick-minutes = How many minutes a day do you have? Tap, or type them; days may differ: “45, sat 180, sun off”.
pick-minutes-current = Set to { $minutes } minutes, about { $questions } questions.
minutes = { $n } min
type-minutes = Another number
minutes-entry = Like 45, sat 180, sun off
no-minutes = I can't read “{ $given }” as minutes. Type 5 to 300, or by day: “45, sat 180, sun off”.

pick-quiet = When shall I stay quiet? Tap, or type hours like 22:00-7:00.
pick-quiet-current = Now: { $from } to { $to }.
pick-quiet-none-current = Now: no quiet hours.
quiet-none = No quiet hours
quiet-range = { $from } - { $to }
type-quiet = Other hours
quiet-entry = Hours, like 22:00-7:00
no-hours = “{ $given }” is not a span I can read. Type it like 22:00-7:00.
hours-hold-push = Your daily question comes at { $time }, inside those hours. Move it first, or choose other hours.

pick-pushes = Shall I send you a question every day?
pick-confidence = Shall I ask how sure you are before I say right or wrong? Reviews then fit you better.
on = On
off = Off
no-such-choice = I can't read “{ $given }” here. Please tap a button.
no-such-pack = I have no exam called “{ $given }”. These are the ones I have:

ready-head = You are set.
ready-exam = Exam: { $code }
ready-zone = Time zone: { $zone } (it is { $time } now)
ready-push = Daily question: { $time }
ready-no-push = Daily question: off
ready-minutes = Minutes a day: { $minutes }, about { $questions } questions
ready-begin = Ready when you are. /settings changes all this.
begin = First question

settings-head = Your settings
settings-changed = Changed.
settings-exam = Exam: { $code }
settings-zone = Time zone: { $zone } (now { $time })
settings-push-on = Daily question: { $time }
settings-push-off = Daily question: off
settings-minutes = Minutes a day: { $minutes }
settings-quiet = Quiet hours: { $from } to { $to }
settings-quiet-none = Quiet hours: none
settings-confidence = Ask how sure: { $on ->
    [on] yes
   *[off] no
  }
field-pack = Exam
field-zone = Time zone
field-push_time = Time of day
field-minutes = Minutes
field-quiet = Quiet hours
field-pushes = Daily question
field-confidence = How sure

## Today and progress

today-head = Today
today-done = { $done } of { $goal } questions done.
today-done-all = { $done } answered: today's work is done. More never hurts.
today-due = { $due ->
    [one] First one review: it is about to slip.
   *[other] First { $due } reviews: they are about to slip.
  }
today-new = Nothing is due, so new questions: where the exam weighs most and you are weakest.
today-then-new = Then new questions, by weight and weakness.
today-rest = Nothing is due, and you have met every concept. A quiz keeps them fresh.
today-ghost = 👻 The battle you missed
today-go = Start

progress-head = { $code }: where you stand
progress-domain = { $name } ({ $weight }%)
progress-answers = { $right } of { $answers } right · { $met } of { $concepts } concepts
progress-nothing = No answers yet · { $concepts } concepts
progress-total = All: { $right } of { $answers } right ({ $percent }%)
progress-start = Nothing answered yet. The first question is one tap away.
progress-due = { $due ->
    [0] Nothing is due.
    [one] One concept is due.
   *[other] { $due } concepts are due.
  }
review-now = Review now

## Help, and the small things

help-head = I am Tminus. I take you from a booked exam to the door of the test center, a few questions at a time.
help-command = /{ $name } - { $about }
help-how = Answer, say how sure you are, read why. What you miss comes back at the right time.

ask-forget = Delete everything I know about you: your answers, your progress, your settings? This can't be undone.
forget-yes = Delete everything
forget-no = Keep it
forgotten = Done. Everything about you is deleted. /start begins anew.
kept = Kept. Nothing was deleted.
nothing-to-forget = I know nothing about you, so there is nothing to delete.
in-private = Questions are between you and me: open a private chat with me and send /start. A group plays /battle.

hitch-answered = You have answered this one already. It counts once.
hitch-behind = That step is behind you. Nothing changed.
hitch-not-yours = That one is somebody else's. /quiz and /cards get you your own.
hitch-gone = I no longer have that one. /quiz and /cards bring fresh ones.
hitch-not-enough = { $wanted ->
    [one] Choose one.
    [2] Choose two, then submit.
    [3] Choose three, then submit.
   *[other] Choose { $wanted }, then submit.
  }

unclear = I don't understand that. Answer with the buttons, or try /today, /quiz or /help.
unclear-command = There is no command /{ $given }. /help lists them all.
unclear-command-near = There is no command /{ $given }. Did you mean /{ $near }?
sorry = Something went wrong on my side. Nothing was lost; please try again.

## Terminal

unknown-key = Press one of the keys shown, or type a command like /help.
key-enter = { $label } (Enter)
welcome-terminal = Welcome to Tminus.
welcome-terminal-begin = Here is a first question: type the letter of your answer. /start sets exam, time zone and daily question in a minute; /help lists the rest; q leaves.
welcome-terminal-enter = Enter brings the first question. /start sets exam, time zone and daily question in a minute; /help lists the rest; q leaves.
saved-file = Saved: { $path }
saved-picture = The picture: { $path }
not-saved = { $name } could not be saved: { $why }
goodbye = Until next time.

## The exam date

command-exam = Your exam date: book, move, cancel
command-plan = Your plan to the exam, week by week
command-ready = Am I ready? The eight final checks
command-energy = How much energy you have today: low or high
command-pause = Take a break: no messages until a day
command-guide = Tips, labs and reading for a domain
command-lab = The next lab: something to do by hand
command-calendar = In a group: who sits when
parameter-when = Day, time and place, like 15 December 9:30 Berlin
parameter-energy = low or high
parameter-until = A day, like 3 January, or off
parameter-at = A time and a place, like 18:00 Berlin, or off

ask-when = When do you sit { $code }? Type day, time and place, like “15 December 9:30 Berlin” or “in 3 weeks at 14:00”. Or tap a month.
ask-when-move = Your exam is on { $day }, { $time } now. Type the new date, or tap a month.
ask-week = Which week of { $month }?
ask-day = Which day?
ask-clock = { $day }: at what time does it start? Tap, or type it like 9:30.
type-date = Type a date
date-entry = Day, time, place
clock-entry = Start, like 9:30
not-booked-yet = Not booked yet
next-step = Next step

snag-unreadable = I can't read a date in “{ $given }”. This form always works: “2026-12-15 09:30 Europe/Berlin”.
snag-no-clock = { $day }: at what time does it start? Tap, or type it like 9:30.
snag-no-day = That is a time without a day. Type both together.
snag-past = { $given }: that is in the past. Choose a day to come.
snag-too-soon = { $given }: that starts in less than half an hour, too soon for a plan. Good luck!
snag-too-far = { $given }: that is more than two years from now. Choose a nearer day.
snag-no-such-time = { $given }: that time doesn't exist, as the clocks go forward that night. Check when it starts.
snag-not-yet = { $code } can't be sat before { $day }. Choose that day or a later one.

ask-exam-zone = Where is the test? Type the city or the time zone, like Lisbon or America/New_York.
zone-entry-exam = City or time zone of the test
no-place = I don't know a place called “{ $given }”. Try the nearest big city, or a zone like Europe/Berlin.

confirm-place = { $zone } · { $left }
confirm-home = Where you are now ({ $zone }) that is { $day }, { $time }.
confirm-move = This moves your exam from { $day }, { $time }.
caution = Nobody can sit { $code } on that day: its last day was { $last }.
caution-ahead = { $last } is the last day on which anybody can sit { $code }. No test center takes a later one.
caution-successors = Its successors: { $codes }.
caution-target = You can still study toward that day, with the whole plan.
book-it = Book it
other-date = Another date
other-zone = Another time zone

days-left = { $n ->
    [0] today
    [one] tomorrow
   *[other] { $n } days to go
  }
exam-booked = Booked. From here to the door I keep the time for you.
exam-moved = Moved. Plan and messages moved with it.
exam-changed = Noted.
exam-head = { $code } · { $day }, { $time }
exam-writes = I write 30, 14 and 7 days before, walk you through the last 72 hours, and ask afterwards how it was.
exam-where = Where do you sit it? Then I can say when to leave.
exam-center = At a test center, { $minutes } min away: leave at { $leave }, to be there 30 minutes early.
exam-center-unknown = At a test center. Tell me the travel time, and I say when to leave.
exam-remote = At home: check in at { $leave }, 30 minutes early.
exam-other = Also: { $code } on { $day }.
at-center = Test center
at-home = At home
see-plan = Plan
calendar-file = Calendar file
move-exam = Move
cancel-exam = Cancel
travel = Travel time

plan-fits = It fits: you have { $have } and need about { $need }.
plan-short = It is tight: you have { $have } and need about { $need }.
plan-short-day = { $minutes } minutes a day would be enough. /settings changes them.
plan-short-items = { $n ->
    [0] As it is, no new concept fits. The time goes to what you have met.
    [one] As it is, one new concept fits: I take the one that weighs most.
   *[other] As it is, about { $n } new concepts fit: I take the ones that weigh most.
  }
plan-late-new = { $n ->
    [one] One new concept runs
   *[other] { $n } new concepts run
  } over into the revision project, which should bring nothing new.
plan-short-long-day = A full mock takes { $minutes } minutes, longer than any of your days. One long day a week would hold it: type “sat { $minutes }” in /settings under Minutes.
hours = { $n } h
hours-minutes = { $h } h { $m } min

ask-cancel = Cancel { $code } on { $day }? Plan and countdown end; your answers stay. The test provider doesn't hear of it from me.
cancel-yes = Cancel it
canceled = Canceled. Nothing more comes about { $code }. /exam books a new date whenever you have one.

ask-travel = How long does it take you to the test center, door to door? Type the minutes.
travel-entry = Minutes, like 40
no-travel = I can't read “{ $given }” as a travel time. Type 0 to 600 minutes.

no-exam = There is no date for { $code } yet, so there is no plan. When do you sit it?
book-exam = Book a date

## The plan

plan-head = { $code }: { $left }
plan-phase = { $phase ->
    [learn] Phase: learn
    [consolidate] Phase: consolidate
    [revision] Phase: revision project
   *[final] Phase: last 72 hours
  }, until { $day }
plan-day = { $day } · { $minutes } min
plan-exam-day = { $day }, { $time } · { $code }
plan-empty = Nothing is planned that week.
plan-slots = The last 72 hours ({ $zone })
plan-slot = { $day } { $time } · { $what }
slot-name = { $kind ->
    [weak] weak topics, { $minutes } min
    [set] mock, { $minutes } min
    [missed] missed questions, { $minutes } min
    [light] light review, { $minutes } min
    [check] lay out what you need
    [tactics] five tactics, early night
    [morning] good morning
   *[luck] time to leave
  }
slot-luck-remote = time to check in
block-learn = Learn { $domain } { $minutes }
block-review = Review { $minutes }
block-checkpoint = Checkpoint quiz { $minutes }
block-set = { $size ->
    [full] Full mock
    [half] Half mock
   *[short] Short mock
  } { $minutes }
block-set-review = Go over the mock { $minutes }
block-recap = Short recap { $minutes }
block-revise = Revise { $domain } { $minutes }
block-weak = Weak topics { $minutes }
block-missed = Missed questions { $minutes }
block-light = Light review { $minutes }
all-domains = all domains
earlier = Earlier
later = Later
picture = Picture
start-block = Start

plan-file = Your plan as a calendar file. Open it on your phone or computer: it adds your study blocks, the last 72 hours and the exam, with reminders. A newer file replaces the older entries.
plan-picture = { $code }: your weeks to { $day }
plan-picture-set = mock
plan-picture-alt = Weeks to { $code } on { $day }.
plan-picture-week = Week of { $day }: { $minutes } min, { $phase }.
phase-name = { $phase ->
    [learn] learn
    [consolidate] consolidate
    [revision] revision
   *[final] last 72 hours
  }
ics-exam = { $code } exam
ics-exam-about = Be ready 30 minutes early, with your ID.
ics-leave = Leave for { $code }
ics-name = Tminus: { $code }
ics-block = { $what } ({ $code })

today-plan = { $code }: { $left }.
today-stint = { $mark } { $what } · { $done }/{ $items }
today-paused = You are on a break until { $day }. /pause off ends it.
today-no-block = Nothing is planned for today. Rest counts, too.
today-all-done = Today's plan is done.
today-why = { $kind ->
    [learn] Why: by weight and weakness, { $domain } is furthest behind.
    [mixed] Why: a first look at every domain shows where you stand.
    [review] Why: these are about to fade, and now is when a review is worth most.
    [checkpoint] Why: once a week, all domains together show what holds.
    [set] Why: exam pace can only be learned at exam pace.
    [set-review] Why: a mock teaches most through what you missed in it.
    [revise] Why: the revision project takes the weak topics first.
    [recap] Why: a light day. A short recap keeps the thread.
   *[other] Why: nothing new now; this makes what you know stick.
  }
low-energy = Low energy
high-energy = High energy

## Messages on the way to the exam

push-plan = { $code }: { $left }. First today: { $what }.
snooze-hour = In an hour
snooze-tonight = Tonight
snooze-tomorrow = Tomorrow
push-done = Done
snoozed = I come back on { $day }, at { $time }.
noted = Noted as done.
hitch-too-late = By then it would be too late to be of use. Do it now, or let it go.

milestone-t-30 = 30 days to { $code }
milestone-t-14 = Two weeks to { $code }
milestone-t-7 = One week to { $code }
milestone-t-3 = 72 hours to { $code }
milestone-t-30-text = Time to learn what is new, and to settle what is still open: travel, ID, a quiet room.
milestone-t-14-text = From here on, reviews pay more than new topics, so those get fewer each day.
milestone-t-7-text = Your revision project: every domain once more, weak topics first, and a short list of what is still unclear.
milestone-t-3-text = Three goals now: firm up what is weak, go over what counts, keep your strength. No new topics.
milestone-met = { $met } of { $concepts } concepts met{ $missed ->
    [0] .
    [one] , one to put right.
   *[other] , { $missed } to put right.
  }
slot-weak-head = Morning: weak topics
slot-weak-text = { $items ->
    [one] One question
   *[other] About { $items } questions
  }, { $minutes } minutes, the weakest topics first. Nothing new.
slot-set-head = Midday: a mock
slot-set-text = { $items ->
    [one] One question
   *[other] { $items } questions
  } in { $minutes } minutes, mixed as the exam mixes them. No notes, no looking up.
slot-missed-head = Evening: what you missed
slot-missed-text = { $items ->
    [0] No missed question is left. Read something light, and stop.
    [one] One question, { $minutes } minutes. Then stop: light reading at most.
   *[other] { $items } questions, { $minutes } minutes. Then stop: light reading at most.
  }
slot-carried = The midday mock is still open: { $items ->
    [one] one of its questions fits here.
   *[other] { $items } of its questions fit here.
  }
slot-light-head = A day of rest
slot-light-text = { $items ->
    [0] No missed question is left. Leave the books closed and go outside.
    [one] One missed question, once. Then leave the books closed.
   *[other] { $items } missed questions, each once. Then leave the books closed.
  }
slot-check-head = Lay out what you need
slot-check-center = • Your ID, with the name that is on the booking
  • The booking confirmation
  • Travel time: { $minutes } min, leave at { $leave }
  • Water, something to eat, a layer for a cold room
slot-check-center-unknown = • Your ID, with the name that is on the booking
  • The booking confirmation
  • Travel time: tell me in /exam, and I say when to leave
  • Water, something to eat, a layer for a cold room
slot-check-remote = • The test provider's system check, on the same computer and network
  • Camera, microphone, charger
  • A cleared desk and room, a door that closes
  • Your ID, with the name that is on the booking
  • Check in at { $leave }
slot-tactics-head = Five tactics, then sleep
slot-tactics-text = 1. Be in your seat 30 minutes early.
  2. Skim the whole paper once: it calms you, and easy points come first.
  3. Three minutes on one question? Guess, mark it, go on, come back later.
  4. Strike out what can't be right, then choose.
  5. Every 20 to 25 questions: look away, breathe, sit up.
slot-tactics-guess = A wrong answer costs nothing, so leave none empty.
slot-bed = Drink water. In bed by { $time }: what you learned settles in your sleep.
slot-morning-head = Good morning. Today is { $code }.
slot-morning-text = Eat properly, drink water, leave the notes closed. You know what you know.
slot-morning-center = ID in your bag. Leave at { $leave }; it starts at { $time }.
slot-morning-remote = ID at hand, desk clear. Check in at { $leave }; it starts at { $time }.
slot-luck-head = Time to leave. Good luck!
slot-luck-head-remote = Time to check in. Good luck!
slot-luck-text = Read each question for the words that decide. One question at a time: { $minutes } minutes are enough. You have prepared for this.
slot-next = Next: { $time }, { $what }.
start-now = Start

## After the exam

ask-result = How was { $code }?
ask-result-rule = Results: { $results }
result-passed = Passed
result-failed = Not passed
result-waiting = No result yet
result-not-sat = Didn't sit it
noted-passed = Congratulations! You did that.
noted-failed = Not this time. That says where you stood on one day, not what you can do.
noted-waiting = Then the hard part is over. Results: { $results } Tell me in /exam when yours is there.
noted-not-sat = All right. When you have a new date, tell me in /exam; what you know stays with you.
noted-score = Score: { $score } ({ $pass } is the pass mark).
ask-score = Want to keep the score? Type it ({ $low }-{ $high }), or leave it.
score-entry = Score
no-score = “{ $given }” is not a score on that scale. Type a number from { $low } to { $high }, or leave it.
ask-needs = Which domains does your score report mark as needing work? Tap them, and the next plan gives them more time.
retake = You can sit it again from { $day }.
book-retake = Book the retake
what-next = What next
next-project = • Build one thing with it: a pipeline, a model with monitoring, a cost cut you can measure.
next-publish = • Publish it: code, a diagram, the numbers.
next-teach = • Teach somebody a topic: nothing settles it better.
next-exam = • The next exam: { $codes }.
next-keep = • A question a day keeps what you have. /settings changes the pace.

## Are you ready?

ready-checks = { $code }: { $done } of { $all } checks
check-domains = Domains practiced on two days: { $have } of { $want }
check-weak = Weakest topics, seen in the last 3 days: { $have } of { $want }
check-mocks = Full mocks ({ $size } questions): { $have } of { $want }
check-core = Training, tuning, deployment: { $parts }
check-metrics = Metrics: { $parts }
check-deployment = Deployment options, security: { $parts }
check-streaming = Streaming or batch: { $parts }
check-routine = Your routine for the day before: { $have ->
    [0] not planned yet
   *[other] planned
  }
check-part = { $right } of { $answers }
check-named = { $name } { $right } of { $answers }
check-none = no answers yet
check-rule = Each part needs at least 6 answers, 75% of them right.
ready-all = All eight. You are not guessing: you are ready.
ready-shortest = The shortest way to the next check:
ready-routine = Routine is planned
ready-set = A full mock

## Breaks and energy

ask-pause = Until which day shall I stay quiet? Tap, or type it like “3 January” or “two weeks”.
ask-pause-again = I can't take “{ $given }”. Type a day from tomorrow on, within a year, like “3 January” or “two weeks”.
pause-days = { $n } days
pause-week = { $n ->
    [one] A week
   *[other] { $n } weeks
  }
holiday-entry = A day, like 3 January
paused = Enjoy it. I am back on { $day }, and the plan works around your break. /pause off ends it sooner.
paused-exam = Enjoy it. { $code } is near, so I am back on { $day }, when its last 72 hours begin.
resumed = Welcome back. The plan starts anew from today.
ask-energy = How much energy do you have today?
energized-low = A light day, then: a short recap, half the time, nothing heavy.
energized-high = Good. Today brings the hard ones.

## A group's calendar

calendar-head = Who sits when
calendar-line = { $day }, { $time } · { $code } · { $name }
calendar-empty = Nobody has put an exam here yet. Only those who tap “Show mine” are listed.
calendar-opt = Only those who tap “Show mine” are listed, with name, exam and date, nothing else.
show-mine = Show mine
hide-mine = Hide mine
cheer = { $name } sits { $code } today, at { $time } ({ $zone }). Wish them good luck!
in-a-group = That belongs to a group: send it there.
no-exam-to-show = You have no exam booked with me. Open a private chat with me and send /exam.

set-clock = { $minutes ->
    [one] one minute left
   *[other] { $minutes } minutes left
  }
settings-week = Minutes by day: { $week }
settings-button = Settings

## Cards

card-head = Card { $number } of { $size } · { $domain }
card-show = Show
card-knew = Knew it
card-not-yet = Not yet
hand-head = { $known } of { $cards } known
hand-all = Every one. They come back before they fade.
hand-some = What you didn't know comes back soon; a card takes a few looks.
hand-due = { $due ->
    [one] One more card is due.
   *[other] { $due } more cards are due.
  }
hand-next = The next card is due { $when }.
more-cards = More cards
empty-cards = There is no card on “{ $title }” yet.
empty-all-cards = This pack has no cards yet.
all-cards = All cards

## Tips, labs, reading

guide-ask = Tips, labs and reading. For which domain?
guide-head = { $part ->
    [tips] Tips
    [labs] Labs
   *[reading] Reading
  } · { $domain }
guide-head-page = { $head } · { $page } of { $pages }
guide-tip = • { $text }
guide-question = • { $text }
guide-reading = { $revisit ->
    [yes] { $title } (read it twice)
   *[no] { $title }
  }
guide-labs = To be done by hand, in your own account. Each says what it costs and how to clean up.
guide-lab = { $done ->
    [yes] ✅ { $title }
   *[no] { $minutes } min · { $title }
  }
guide-nothing = Nothing here yet.
guide-tips = Tips
guide-labs-button = Labs
guide-reading-button = Reading
guide-domains = Domains
guide-more = More
guide-back = Back
empty-guide = There are no tips, labs or reading on “{ $title }” yet.
empty-all-guide = This pack has no tips, labs or reading yet.
all-guide = Domains

lab-head = Lab: { $title }
lab-facts = { $domain } · about { $minutes } min
lab-step = { $number }. { $text }
lab-outcome = At the end: { $text }
lab-cost = Cost: { $text }
lab-cleanup = Clean up: { $text }
lab-done = ✅ Done.
lab-finish = Done
lab-other = Another lab
show-lab = Show the lab
empty-lab = There is no lab on “{ $title }” yet.
empty-all-lab = This pack has no labs yet.
all-lab = Another lab

energized-cards = Cards are light: a tap to see the answer, a tap to say if you knew it.
energized-lab = Or a lab, where you are weakest: “{ $title }” ({ $minutes } min).

## Battles

command-battle = In a group: a quiz battle; alone: a replay
command-board = In a group: who was right how often
command-daily = In a group: a question every day
parameter-do = What to do; nothing opens a battle
parameter-with = The code, or rules like race 10 20s
parameter-span = Since when

battle-title = { $kind ->
    [ghost] 👻 Replay
    [daily] Question of the day
   *[group] Quiz battle
  } · { $code }
battle-more = + { $n } more
battle-group = { $where ->
    [here] this group
    [telegram] the Telegram group
    [discord] the Discord server
   *[other] the other group
  }
battle-when-seconds = { $n ->
    [one] in a second
   *[other] in { $n } seconds
  }

battle-ghost = The battle as it was: 👻 answer as they did then, in their real time. You play along.
battle-mode-study = Study: right answers count; speed only breaks ties.
battle-mode-race = Race: the faster the right answer, the more points.
battle-mode-sudden = Sudden death: who misses one is out.
battle-mode-teams = Teams: the mean of each team counts.
battle-mode-coop = Together: all of you against the exam's pass mark.
battle-groups-rule = Each group is a team: its mean counts.
battle-facts = { $rounds ->
    [one] One round
   *[other] { $rounds } rounds
  } · { $time }
battle-time = time to read, then { $seconds } s
battle-time-auto = time fits each question
battle-from = Questions: { $scope }{ $level ->
    [easy] {" "}· easy
    [medium] {" "}· medium
    [hard] {" "}· hard
   *[any] {""}
  }
battle-host = Host: { $name }
battle-in = In ({ $n }): { $names }
battle-in-none = Nobody is in yet. Be the first!
battle-team = { $team }: { $names }
battle-nobody = nobody yet
battle-code = Another group joins with
battle-code-command = /battle join { $code }
battle-join = Join
battle-join-team = Join { $team }
battle-leave = Leave
battle-rules = Rules
battle-start = Start
battle-stop = Stop
battle-back = Back

battle-rules-head = Tap a rule to change it.
battle-rules-rash = In every mode a wrong tap within 2 seconds costs points: read first.
battle-rule = { $rule }: { $value }
battle-rule-mode = Mode
battle-rule-rounds = Rounds
battle-rule-seconds = Time
battle-rule-level = Level
battle-rule-scope = Questions
battle-rule-teams = Teams
battle-rule-pick = Who plays where
battle-rule-thread = Own thread
battle-ask-rounds = How many questions?
battle-ask-seconds = How long to answer, after the time to read? Auto goes by the question's length.
battle-ask-level = How hard shall they be?
battle-ask-scope = What shall they be about?
battle-ask-teams = How many teams?
battle-ask-pick = Shall I balance the teams, or does everybody choose one?
battle-ask-thread = Shall the rounds go into a thread of their own? The lobby stays here.
battle-value-mode-study = Study
battle-value-mode-race = Race
battle-value-mode-sudden = Sudden death
battle-value-mode-teams = Teams
battle-value-mode-coop = Together
battle-value-seconds = { $n } s
battle-value-seconds-auto = Auto
battle-value-level-any = Any
battle-value-level-easy = Easy
battle-value-level-medium = Medium
battle-value-level-hard = Hard
battle-value-pick-0 = Balanced
battle-value-pick-1 = Chosen
battle-value-thread-0 = No
battle-value-thread-1 = Yes
battle-scope-all = Everything
battle-scope-weak = Your weak spots

battle-progress = Round { $number } of { $rounds }
battle-row = { $rank }. { $name } · { $points ->
    [one] 1 point
   *[other] { $points } points
  }
battle-row-right = { $rank }. { $name } · { $right } right
battle-row-out = { $rank }. { $name } · out in round { $round }
battle-row-aside = { $name } · plays along
battle-total = { $team } { $points ->
    [one] 1 point
   *[other] { $points } points
  }
battle-share = { $percent }% right · pass mark about { $passing }%
battle-over = This battle is over.

battle-round = { $kind ->
    [ghost] 👻 Round { $number } of { $rounds } · { $domain }
    [daily] Question of the day · { $domain }
   *[group] Round { $number } of { $rounds } · { $domain }
  }
battle-clock = { $all } s: { $read } to read, { $answer } to answer
battle-daily-result = The result comes
battle-daily-after = { $time } after this
battle-answered = { $answered } of { $players } answered
battle-answered-daily = { $answered } answered
battle-key = Right: { $letters }
battle-right = { $answers ->
    [one] Well done: { $names }
   *[other] { $n } of { $answers } right: { $names }
  }
battle-right-none = Nobody this time. Now it will stick.
battle-no-answers = Nobody answered this one.
battle-timed = { $name } { NUMBER($seconds, minimumFractionDigits: 1) }{"\u00A0"}s
battle-raced = { $name } +{ $points } ({ NUMBER($seconds, minimumFractionDigits: 1) }{"\u00A0"}s)
battle-rash = Too fast to have read it ({ $points }): { $names }
battle-out = Out: { $names }
battle-out-none = Nobody was right, so nobody is out.
battle-tempting = { $letter }, the tempting one:
battle-waiting = ⏸ Round { $number }: { $platforms } can't be reached. The battle waits for { $n ->
    [one] it
   *[other] them
  }.

battle-final-played = Over after { $rounds ->
    [one] one round.
   *[other] { $rounds } rounds.
  }
battle-final-stopped = Stopped { $rounds ->
    [0] before the first round was over.
    [one] after one round.
   *[other] after { $rounds } rounds.
  }
battle-final-silent = Nobody answered any more, so I ended it.
battle-final-outage = A group could not be reached for too long, so I ended it.
battle-final-dry = I have no more questions here, so it ends.
battle-final-empty = Nobody started this battle.
battle-won = { $n ->
    [one] { $teams } wins
   *[other] A draw: { $teams }
  }
battle-made = Together you would have passed.
battle-not-made = Not there yet, together.
battle-rank = { $n }.
battle-place = { $rank } { $name } · { $points ->
    [one] 1 point
   *[other] { $points } points
  } · { $right } of { $answers } right
battle-place-right = { $rank } { $name } · { $right } of { $answers } right
battle-place-out = { $rank } { $name } · out in round { $round }
battle-place-aside = { $name } played along · { $right } of { $answers } right
battle-none-missed = Nothing was missed. Well done!
battle-missed-head = Most missed
battle-missed = • { $knows }
battle-missed-of = { $topic }: { $missed } of { $of } missed
battle-drill-how = Drill this, each of you in private:
battle-drill-command = /quiz { $topic }
battle-alone = You played alone, so it doesn't count on the board.
battle-kept = Your answers are kept.
battle-kept-link = Write to me in private to go on learning from them.
battle-rematch = Rematch
battle-again = Open it again
battle-drill = Drill: { $topic }
battle-replay = 👻 Replay
battle-board = Board

board-head = Board · { $span ->
    [week] this week
    [season] this month
   *[all] all time
  }
board-row = { $rank }. { $name } · { $right } right of { $answers } · { $seconds } s
board-empty = Nobody is on it yet. Play a battle with two people or more: /battle
board-seconds = The seconds are the mean time to a right answer.
board-hide = “Leave me out” takes your line off. You play all the same.
board-week = This week
board-season = This month
board-all = All time
board-domains = All domains
board-out = Leave me out
board-in = Show me

daily-head = Question of the day
daily-none = This group has none. An admin sets it with time and city, like this:
daily-at = It comes at { $time } ({ $zone }).
daily-until = Its result comes at { $time }.
daily-next = Next:
daily-change = An admin changes it or turns it off:
daily-how = /daily 18:00 Berlin
daily-off-how = /daily off

battle-told-opened = The lobby is open.
battle-told-joined = { $has ->
    [team] You are in: team { $team }. Good luck!
   *[none] You are in. Good luck!
  }
battle-told-joined-aside = It has begun, so you play along: your answers count for what you learn, not for a place.
battle-told-left = You have left. What you have stays; join again whenever you like.
battle-told-begun = It begins.
battle-told-stopped = The battle is stopped.
battle-told-arranged = Done.
battle-told-marked = { $wanted ->
    [one] { $letters } marked, one more to choose.
   *[other] { $letters } marked, { $wanted } more to choose.
  }
battle-told-cleared = { $n ->
    [0] Taken back. Nothing is marked now.
   *[other] Taken back. { $letters } marked, { $wanted ->
        [one] one more to choose.
       *[other] { $wanted } more to choose.
      }
  }
battle-told-locked = { $n ->
    [one] { $letters } is locked.
   *[other] { $letters } are locked.
  } The result comes when the round closes.
battle-told-linked = The groups are joined. Each is a team now.
battle-told-replaying = The replay begins in our private chat. 👻
battle-told-shown = You are on the boards again.
battle-told-hidden = You are off the boards. You play all the same.
battle-told-daily-off = No more question of the day. /daily 18:00 Berlin brings it back.

battle-no-gone = I no longer have that battle. /battle opens a new one.
battle-no-late = This round is closed.
battle-no-locked = { $n ->
    [0] Your answer stands.
   *[other] Your answer stands: { $letters }.
  }
battle-no-last = The last round is on. Join the next battle!
battle-no-over = This battle is over. /battle opens a new one.
battle-no-host = Only the host or an admin of this group can do that.
battle-no-alone = Nobody has joined yet. It takes one at least.
battle-no-in = You are in already.
battle-no-elsewhere = You play in the other group of this battle.
battle-no-not-in = You are not in this battle.
battle-no-full = This battle has as many groups as it can hold.
battle-no-started = It has begun already.
battle-no-taps = You have changed your answer too often in this round. It stays as it is.

battle-bar-running = A battle is on in this chat. Join it, or /battle stop ends it.
battle-bar-cooling = The last battle has just ended. The next can open { $when }.
battle-bar-too-many = You have opened several battles lately. You can open the next { $when }, or somebody else does.
battle-bar-no-code = No battle waits under “{ $given }”. The code stands in the other group's lobby and holds until it starts.
battle-bar-own-code = That is this group's own code. Send it to another group.
battle-bar-no-ghost = There is no battle to replay yet. Play one in a group first.
battle-bar-no-battle = No battle is on here. /battle opens one.
battle-bar-private = Battles are for groups: add me to one and send /battle there. Alone you can play a replay: /battle ghost
battle-bar-unreachable = I can't write to you in private yet. Open a chat with me, send /start, then tap again.
battle-bar-unclear = I can't read “{ $given }”. { $has ->
    [some] Did you mean: { $near }?
   *[none] Try: /battle race 10 20s
  }
battle-bar-unclear-time = I can't read “{ $given }” as a time. Try: /daily 18:00 Berlin
battle-bar-several-towns = There are several. Which one: { $near }?
battle-bar-admin = Only an admin of this group can do that.
battle-bar-empty = There are no questions for that. Choose another part of the exam, or any level.
battle-bar-lively = This group has had many messages lately. Try again { $when }.
