# Every word that Tminus says, in English. A copy of this file under another language's code (de.ftl, pt-BR.ftl)
# is a translation: nothing else is needed. Syntax: https://projectfluent.org/fluent/guide/

## Commands, as menus list them (at most 100 characters)

command-start = Set up: exam, time zone, daily question
command-today = What is next today, and why
command-quiz = Questions on everything, a domain or a topic
command-review = Go over what is due
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
see-progress = Progress

nothing-due = Nothing is due. { $next ->
    [none] Answer a few questions first.
   *[some] The next review comes { $when }.
  }
new-questions = New questions
no-such-scope = The exam has no part called “{ $given }”.
no-such-scope-near = Did you mean one of these?
no-such-scope-none = /quiz alone asks about everything; /progress names the domains.
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

pick-minutes = How many minutes a day do you have? Tap or type a number.
pick-minutes-current = Set to { $minutes } minutes, about { $questions } questions.
minutes = { $n } min
type-minutes = Another number
minutes-entry = Minutes a day, 5 to 300
no-minutes = “{ $given }” is not a number of minutes I can take. Type one from 5 to 300.

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
in-private = Questions are between you and me: open a private chat with me and send /start.

hitch-answered = You have answered this one already. It counts once.
hitch-behind = That step is behind you. Nothing changed.
hitch-not-yours = That question is somebody else's. /quiz gets you your own.
hitch-gone = I no longer have that question. /quiz brings a fresh one.
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
unknown-key = Press one of the keys shown, or type a command like /help.
key-enter = { $label } (Enter)
welcome-terminal = Welcome to Tminus.
welcome-terminal-begin = Here is a first question: type the letter of your answer. /start sets exam, time zone and daily question in a minute; /help lists the rest; q leaves.
welcome-terminal-enter = Enter brings the first question. /start sets exam, time zone and daily question in a minute; /help lists the rest; q leaves.
goodbye = Until next time.
