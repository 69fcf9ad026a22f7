# English. Keys: screen-element-state. Wording is the product's; keep the two in step.
-app = Tern

## Shared
app-name = { -app }
common-back = Back
common-continue = Continue
common-cancel = Cancel
common-close = Close
common-copy = Copy
common-delete = Delete
common-more = Show more
common-try-again = Try again
common-open-settings = Open phone settings
common-copied = Copied.
common-account-id = Account ID
common-qr = QR code
common-note-to-self = Note to Self

## Launch
launch-opening = Opening your messages…
launch-slow = Still opening your messages…
launch-updating = Updating your message store. Keep { -app } open.
launch-wait = Keep waiting
launch-restart = Restart

## Log
logs-title = What happened since the start
logs-body = This is all that is saved. Account IDs, addresses and what you write are not in it.
logs-save = Save logs
unnamed-title = Something went wrong

## Start that failed
failed-title = { -app } could not start
start-over = Restore from recovery phrase
start-over-title = Give up the messages on this phone?
start-over-body = Messages older than 14 days on this phone will be lost. Newer ones, contacts and groups come back from the network.
start-over-sure = Do you have your recovery phrase?
start-over-phrase = Without its 13 words nobody can bring your account back, not even us.
start-over-yes = Erase and restore

## Passphrase, where no keychain answers
unlock-choose-title = Choose a passphrase
unlock-choose-body = This device has no keychain that { -app } can use. So a passphrase will protect the messages on it. You type it each time { -app } starts.
unlock-type-title = Enter your passphrase
unlock-type-body = This device has no keychain that { -app } can use. So a passphrase protects the messages on it.
unlock-label = Passphrase
unlock-again-label = Passphrase once more
unlock-warning = Nobody can recover this passphrase, not even us. Without it the messages on this device stay closed.
unlock-empty = Enter a passphrase.
unlock-short = Too short. Use at least { $n ->
    [one] one character
   *[other] { $n } characters
}.
unlock-different = The two do not match. Type it once more.
unlock-busy = Opening your messages…

## Landing
landing-headline = Private messages. No phone number.
landing-line-1 = Your account is a random ID made on this phone.
landing-line-2 = Messages travel through three relays, so nobody sees who talks to whom.
landing-line-3 = Works in any country, with any SIM or none.
landing-create = Create account
landing-restore = I have an account
landing-legal = Terms and privacy
legal-terms = Terms of service
legal-privacy = Privacy policy

## Display name
name-title = What should people call you?
name-help = A real name, a nickname, anything. You can change it at any time. People you write to will see it.
name-label = Display name
name-id-label = Your Account ID
name-id-help = This is made from random numbers. It says nothing about you.
name-left = { $n ->
    [one] { $n } byte left
   *[other] { $n } bytes left
}
name-over = { $n ->
    [one] { $n } byte too long
   *[other] { $n } bytes too long
}
name-discard-title = Stop creating this account?
name-discard-body = The Account ID above will be thrown away. Nothing has been shared with anyone.
name-discard-stay = Keep going
name-discard-leave = Discard

## Notifications mode
notif-title = How should new messages reach you?
notif-fast = Fast mode
notif-fast-badge = Recommended
notif-fast-text = Messages arrive within seconds. { $provider } wakes { -app } but cannot read anything. It does learn that this phone uses { -app }.
notif-fast-none = This phone has no push service { -app } can use.
notif-slow = Slow mode
notif-slow-text = No company is involved. { -app } looks for messages about every 15 minutes, later when the phone saves power.
notif-stop-title = Stop restoring?
notif-stop-body = You can start again with your recovery phrase.
notif-stop-stay = Keep going
notif-stop-leave = Stop

## Recovery phrase
phrase-title = Save your recovery phrase
phrase-body = These 13 words are your account. With them you can get back in, or use your account on a second device. Without them nobody can help you, not even us.
phrase-show = Show words
phrase-words = Recovery phrase
phrase-note = The last word repeats an earlier one. That is how mistakes are noticed.
phrase-copied = Copied. The clipboard will be cleared in one minute.
phrase-qr = Show QR
phrase-done = I saved it
phrase-later = Later
phrase-quiz-title = Which is word number { $k }?
phrase-quiz-body = A quick check that you have the words.
phrase-qr-warning = Anyone who scans this has your account. Show it only to your own device.
recovery-title = Recovery phrase

## Restore
restore-title = Enter your recovery phrase
restore-help = You can find it on your other device in Settings > Recovery phrase.
restore-tabs = How to enter the phrase
restore-tab-type = Type words
restore-tab-scan = Scan QR
restore-label = Recovery phrase
restore-count = { $n } of 13 words
restore-words = Words so far
restore-word-unknown = { $word }, not a recovery word
restore-guess = Use “{ $guess }”

## Loading
load-title = Getting your account
load-swarm = Finding your storage group
load-settings = Reading your settings
load-messages = Fetching recent messages
load-done = { $step }: done
load-progress = Loading
load-slow = This is slower than usual.
load-wait = Keep waiting
load-skip = Continue without waiting
load-name-title = Choose a display name
load-name-body = We found no settings for { $id } on the network. They may be older than 30 days, or were deleted. If this is not your account, one of the words is wrong.
load-redo = Enter the words again

## Home
home-settings = Settings. Connection: { $state }
home-new = New conversation
home-list = Conversations
home-loading = Loading your conversations…
home-empty-new-title = Your account is ready
home-empty-restored-title = No conversations yet
home-empty-hint = Tap + to write to someone, make a group or join a community.
home-offline = You are offline. Messages will be sent when the connection returns.
home-notices = Notices
home-phrase-title = Save your recovery phrase
home-phrase-body = If you lose this phone without it, your account is gone.
home-phrase-open = Save now
home-requests = Message requests
home-requests-unread = Message requests, { $n } unread
home-retry = The list could not be read.
home-pane-empty = Choose a conversation, or start one with +.
row-draft = Draft: { $text }
row-unsupported = This message needs a newer version of { -app }.
row-not-sent = Not sent: { $text }
row-unread = { $n ->
    [one] { $n } unread
   *[other] { $n } unread
}
row-pinned = pinned
row-more = Actions for { $name }
row-menu-copy-id = Copy Account ID
row-menu-block = Block
row-menu-read = Mark as read
block-title = Block { $name }?
block-body = They cannot write to you, invite you to groups or call you. They are not told.
block-ok = Block
unblock-title = Unblock { $name }?
unblock-ok = Unblock

row-marked-unread = marked as unread
row-muted = muted
row-disappearing = messages disappear
row-menu-unread = Mark as unread
row-menu-mute = Mute
row-menu-unmute = Unmute
row-menu-pin = Pin
row-menu-unpin = Unpin
row-menu-hide = Hide
row-menu-details = Details
row-menu-delete = Delete conversation
row-menu-delete-contact = Delete contact
delconv-title = Delete conversation with { $name }?
delconv-body = Messages and files are removed from this phone and your other devices. If { $name } writes again, the conversation comes back.
delcontact-title = Remove { $name } from contacts?
delcontact-body = The conversation is deleted too. If { $name } writes again it arrives as a message request.
delcontact-ok = Remove
clear-title = Clear all messages here?
clear-body = Only on this phone.
clear-ok = Clear
note-hide-title = Hide Note to Self?
note-hide-body = Find it again with search.
note-hide-ok = Hide
note-show-title = Show Note to Self in the list?
note-show-ok = Show
unblock-many-title = Unblock { $n } people?
mute-title = Notifications
mute-off = All
mute-1h = Muted for 1 hour
mute-2h = Muted for 2 hours
mute-1d = Muted for 1 day
mute-1w = Muted for 1 week
mute-ever = Muted forever
mute-ever-state = Muted
mute-until = Muted until { $time }
contacts-title = Contacts

## Search
search-title = Search
search-title-here = Search in conversation
search-people = Conversations and contacts
search-messages = Messages
search-none = Nothing found for “{ $query }”.
search-start = Write to this Account ID
search-mine = You:{" "}
search-count = { $n ->
    [one] { $n } result
   *[other] { $n } results
}

## Conversation details
details-title = Details
details-more = More
details-nick = Edit nickname
details-search = Search in conversation
details-pin = Pin
details-on = On
details-off = Off
details-notif = Notifications
details-clear = Clear messages
details-delete = Delete conversation
details-delcontact = Delete contact
details-hide = Hide Note to Self
details-show = Show Note to Self
nick-title = Nickname for { $name }
nick-body = Only you see it.
nick-label = Nickname
nick-remove = Remove
conv-details = { $name }. Details

## New conversation
new-title = New conversation
new-message = New message
new-invite = Invite a friend
new-my-qr = Your QR code
new-my-qr-help = Let a friend scan this to write to you.
new-copy-id = Copy Account ID
newmsg-title = New message
newmsg-tab-id = Enter ID
newmsg-tab-scan = Scan QR
newmsg-tabs = How to enter the Account ID
newmsg-help = Paste or type the Account ID of the person you want to write to.
newmsg-label = Account ID
newmsg-next = Next
newmsg-scan-picture = Choose or paste a picture of your friend’s code.
invite-title = Invite a friend
invite-text = I use { -app } for private messages, no phone number needed. My Account ID is { $id }.
invite-help = Send this to a friend:
invite-copy = Copy invitation
invite-share = Share

## Conversation
conv-list = Messages
conv-unread = New messages
conv-bottom = Jump to the newest message
conv-bottom-unread = Jump to the newest message, { $n } unread
conv-late = { $n ->
    [one] { $n } earlier message arrived
   *[other] { $n } earlier messages arrived
}
conv-you = You
conv-empty = No messages yet with { $name }.
conv-empty-note = Notes here are private and appear on all your devices.
conv-pending = You can send files and voice messages once { $name } accepts.
conv-blocked = You blocked { $name }.
conv-unblock = Unblock
conv-retry-load = The messages could not be read.
conv-unverified = This name has not been verified.
conv-incoming = { $name }: { $text }
msg-more = Read more
msg-less = Show less
msg-actions = More
msg-link = Open link { $url }
msg-status-queued = Waiting for network
msg-status-sending = Sending
msg-status-sent = Sent
msg-status-read = Read
msg-status-failed = Not sent. Tap to retry
msg-status-sync-failed = Sent, not yet on your other devices
msg-status-failed-short = Not sent
msg-menu-title = Message
msg-retry = Retry
menu-copy = Copy
menu-reply = Reply
menu-info = Info
menu-select = Select
menu-delete = Delete
msg-accepted-by-me = You accepted { $name }'s request.
msg-accepted-by-them = { $name } accepted your request.
msg-deleted = Message deleted
quote-gone = Original message not available
quote-label = Answer to { $name }: { $text }
react-label = Reactions
react-more = More emojis
react-count = { $emoji } { $n }
react-others = +{ $n }
react-who = Who reacted
emoji-title = Choose an emoji
emoji-search = Search emojis
emoji-none = No emoji found
select-count = { $n ->
    [one] { $n } selected
   *[other] { $n } selected
}
select-leave = End selection
select-mark = Select message
msg-unsupported = This message needs a newer version of { -app }.
del-title = { $n ->
    [one] Delete message?
   *[other] Delete { $n } messages?
}
del-whom = For whom
del-here = On this phone only
del-mine = On all my devices
del-all = For everyone
info-title = Message info
info-sent = Sent
info-received = Received
info-from = From
info-status = Status
info-code = Code for support
info-copy-id = Copy Account ID
info-attempts = Tries
info-next-try = Next try
info-deletes = Deletes
info-file = File
info-resend = Send again
comp-label = Message
comp-placeholder = Message
comp-send = Send
comp-reply = Reply to { $name }
comp-reply-cancel = Do not reply
comp-count = { $n } left
comp-over = { $n } over
comp-long-title = Too long
comp-phrase-title = That is your recovery phrase.
comp-phrase-body = Anyone who has it controls your account.
comp-phrase-keep = Do not send
comp-phrase-send = Send anyway
link-title = Open this link?
link-open = Open
link-written = In its own letters the site is called
link-written-help = Letters of different scripts can look alike. Open it only if you know this site.
link-refused-title = This link is not opened
link-refused = The address hides where it leads.
preview-title = Show link previews?
preview-body = To make a preview, { -app } must visit the site, and the site can see your IP address. Messages stay private.
preview-on = Turn on
preview-off = No thanks
preview-remove = Send without preview
req-footer = Replying accepts this request and shows { $name } your Account ID.
req-accept = Accept
req-decline = Delete
req-block = Block
req-delete-title = Delete this request?

conv-typing = typing…
msg-timer = Deletes in { $time }
ctrl-dm-read-me = You set messages to disappear { $time } after being read.
ctrl-dm-send-me = You set messages to disappear { $time } after being sent.
ctrl-dm-off-me = You turned off disappearing messages.
ctrl-dm-read-them = { $name } set their messages to disappear { $time } after being read.
ctrl-dm-send-them = { $name } set their messages to disappear { $time } after being sent.
ctrl-dm-off-them = { $name } turned off disappearing messages.
ctrl-media-saved = { $name } saved media
ctrl-screenshot = { $name } took a screenshot
ctrl-missed-call = Missed call from { $name }. { -app } cannot take calls yet.

## Disappearing messages
dm-title = Disappearing messages
dm-help = Applies to the messages you send.
dm-help-note = Applies to the notes you write.
dm-off = Off
dm-read = After reading
dm-read-help = Messages delete after they were read.
dm-send = After sending
dm-send-help = Messages delete after they were sent, read or not.
dm-time = Time
dm-set = Set
dm-line-read = Deletes { $time } after reading
dm-line-send = Deletes { $time } after sending
dm-offer = { $name }'s messages disappear after { $time }. Use the same for yours?
dm-follow = Use same
dm-follow-title = Use the same for your messages?
dm-follow-read = Your messages will disappear { $time } after being read.
dm-follow-send = Your messages will disappear { $time } after being sent.

## Lengths of time
time-seconds = { $n ->
    [one] { $n } second
   *[other] { $n } seconds
}
time-minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
time-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
time-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
time-short-seconds = { $n } s
time-short-minutes = { $n } min
time-short-hours = { $n } h
time-short-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}

## Message requests
requests-title = Message requests
requests-help = Only people you accept can send files and voice messages.
requests-empty = No requests
req-clear = Clear all
req-clear-title = Clear all requests and invites?

## Blocked contacts
blocked-title = Blocked contacts
blocked-empty = Nobody is blocked.
set-conversations = Conversations

## Settings
set-title = Settings
set-edit = Edit profile
profile-picture = Picture
profile-picture-choose = Choose picture
profile-picture-other = Choose another
profile-picture-camera = Take picture
profile-picture-remove = Remove picture
profile-picture-reading = Reading the picture…
profile-picture-help = Anything the file tells about place, time or camera is removed.
profile-saving = Saving…
crop-area = Part of the picture that is used. Move it with the arrow keys.
crop-zoom = Zoom
crop-hint = Drag the picture to choose what is seen.
set-edit-title = Your profile
set-save = Save
set-qr-help = Let someone scan this to write to you.
set-path = Connection path
set-appearance = Appearance
set-privacy = Privacy
set-requests = Message requests
set-recovery = Recovery phrase
set-services = Network services
set-network = Network: { $name }
set-version = { -app } { $version }
set-custody-keychain = The key to your messages is kept by this device's keychain.
set-custody-passphrase = The key to your messages is protected by a passphrase, because no keychain answers on this device.
set-custody-memory = The key to your messages is kept in memory only. It is gone when { -app } closes.

## Privacy
privacy-title = Privacy
privacy-receipts = Read receipts
privacy-receipts-help = Others see when you have read their messages, and you see when they have read yours.
privacy-typing = Typing indicators
privacy-typing-help = Others see while you are writing to them, and you see while they write.
privacy-ways = How connections go out
privacy-previews = Link previews
privacy-communities = Requests from communities
privacy-communities-help = People of communities that you are in may ask to write to you. Holds on all your devices.
privacy-previews-help = To make a preview of a link that you send, { -app } must visit the site, and the site can see your IP address.

proxy-title = Proxy
proxy-body = Where connections are watched or blocked, { -app } can go through a proxy that you trust. Nothing goes around it: when it does not answer, messages wait.
proxy-none = None
proxy-socks = SOCKS5
proxy-host = Host
proxy-port = Port
proxy-user = User (if it asks)
proxy-password = Password
proxy-everything = Use for everything { -app } does
proxy-everything-help = Off: only visits to sites for link previews. Messages go through three relays anyway.
proxy-test = Test
proxy-testing = Testing…
proxy-works = The proxy works.
proxy-wrong = That is no address of a proxy.
proxy-save = Save
proxy-saved = Saved

## Appearance
look-title = Appearance
look-theme = Theme
look-system = System
look-system-help = Follows this device.
look-light = Light
look-dark = Dark
look-contrast = High contrast
look-contrast-help = The strongest colours and clear edges, light or dark as this device is.
look-accent = Accent colour
look-accent-sea = Sea
look-accent-blue = Blue
look-accent-violet = Violet
look-accent-plum = Plum
look-accent-moss = Moss
look-accent-amber = Amber
look-accent-slate = Slate
look-text = Text size
look-text-value = { $percent }%
look-text-help = On top of the size that this device is set to.
look-sample-theirs = How is the weather out there?
look-sample-mine = Windy. The terns do not mind.
look-motion = Reduce motion
look-motion-help = No slides and no movement. At first as this device is set.

## Shared into the app
share-title = Share with
share-refused = That cannot be shared
share-open = Open

## Help
help-title = Help
help-questions = Questions and answers
help-about = About { -app }
help-who = Who can read my messages?
help-who-answer = You and the person you write to. Messages are encrypted on your device, and only theirs can open them. The relays and storage nodes in between see neither the words nor who talks to whom.
help-id = What is my Account ID?
help-id-answer = A random number made on your device, 66 characters long. People write to you with it. It says nothing about you, and you can give it to anybody.
help-phrase = I lost my phone. How do I get back in?
help-phrase-answer = With the 13 words of your recovery phrase: choose “I have an account” on the new phone and type them. Contacts and the messages of the last 14 days come back. Without the words nobody can help you, not even us.
help-late = Why has my message not arrived?
help-late-answer = Look at the word below it. “Sent” means that the network keeps it for the other side, for 14 days; they get it when their { -app } looks for messages. “Not sent” says why, and you can try again.
help-learn = What does the other side learn about me?
help-learn-answer = Your Account ID, the name and the picture that you chose, and what you write. They see whether you have read or are typing only if you turned that on in Settings > Privacy. They do not learn your IP address or phone number.
help-requests = What is a message request?
help-requests-answer = The first message of somebody whom you have not accepted. You can read it, accept it, delete it or block them; until you answer they learn nothing, and none of their files are downloaded.
help-delete = What happens when I delete a message?
help-delete-answer = “On this phone only” removes it here. “For everyone” also asks the other side’s { -app } to remove it. Nobody can be sure that they did not keep a copy.
help-path = Why does { -app } connect to relays in other countries?
help-path-answer = Each message hops through three of them. The first knows your address but not your words; the last knows neither you nor your address. Settings > Connection path shows which they are.
help-version = { -app } { $version } ({ $build })
help-build-debug = made for testing
help-build-release = release
licences-title = Licences
licences-own = { -app } is free software under the GNU General Public License, version 3 or later.
licences-others = Libraries in { -app }

## Connection path
path-title = Connection path
path-body = Your messages hop through three relays. The first knows your address but not your words; the last knows neither you nor your address.
path-you = You
path-entry = Entry relay
path-relay = Relay
path-destination = Destination
path-country-unknown = Country unknown
path-finding = Finding a path…
path-finding-relays = Choosing three relays
path-finding-test = Testing the way through them
path-failing = No path works at the moment.
path-offline = You are offline. The path is built again as soon as there is a connection.
path-proxy = Use a proxy
path-reason = Code for support: { $code }
path-retry = Try again
path-new = New path
path-asked = Looking for another path.
path-chain = The way of your messages
connection-connected = Connected
connection-connecting = Connecting
connection-not-connected = Not connected
connection-offline = Offline

## Network services
services-title = Network services
services-body = These are the services { -app } relies on, as this network names them. Each can be exchanged for another, so that the project outlives any one operator.
services-seeds = Seed nodes
services-seeds-help = Give the first list of relays.
services-files = File server
services-files-help = Keeps files and pictures, encrypted, until they are fetched.
services-push = Push server
services-push-help = Wakes this phone in Fast mode.
services-communities = Community suggestions
services-communities-help = Suggests communities to join.
services-names = Name lookup
services-names-help = Turns registered names into Account IDs.
services-other = Other service
services-none = Not set on this network
services-answered = Last answered { $time }
services-silent = No answer since { $time }
services-unused = Not asked yet

## Dates
date-today = Today
date-yesterday = Yesterday
date-with-time = { $day } { $time }
date-day-month = { $day } { $month }
date-day-month-year = { $day } { $month } { $year }
date-weekday-0 = Sun
date-weekday-1 = Mon
date-weekday-2 = Tue
date-weekday-3 = Wed
date-weekday-4 = Thu
date-weekday-5 = Fri
date-weekday-6 = Sat
date-month-1 = Jan
date-month-2 = Feb
date-month-3 = Mar
date-month-4 = Apr
date-month-5 = May
date-month-6 = Jun
date-month-7 = Jul
date-month-8 = Aug
date-month-9 = Sep
date-month-10 = Oct
date-month-11 = Nov
date-month-12 = Dec

## Errors
e-name-empty = Enter a name.
e-name-long = That name is too long. Try a shorter one.
e-profile-pic = The picture could not be saved. Try another one.
e-profile-save = Your profile was saved here but not yet on the network. We keep trying.
e-nick-long = That nickname is too long.
e-phrase-short = A recovery phrase has 13 words. You entered { $n }.
e-phrase-word = “{ $word }” is not a recovery word. Did you mean “{ $guess }”?
e-phrase-check = These words do not form a recovery phrase. Check the order and spelling.
e-phrase-is-id = That is an Account ID. To get back in you need the 13-word recovery phrase.
e-phrase-quiz = That is not word { $k }. Have another look.
e-phrase-hidden = This phone can no longer show your phrase.
e-qr-not-phrase = This code is not a recovery phrase.
e-qr-not-id = This code is not an Account ID.
e-camera-denied = { -app } may not use the camera. Allow it in the phone's settings.
e-offline = You are offline. Try again when connected.
e-offline-restore = No connection. We will carry on as soon as there is one.
e-id-invalid = That is not a valid Account ID. It has 66 characters and starts with 05.
e-ons-none = Nobody has registered that name.
e-ons-net = The name could not be looked up. Check your connection.
e-send-net = Not sent: no connection.
e-send-path = Not sent: no path through the network.
e-send-swarm = Not sent: the recipient's storage group did not answer.
e-send-refused = Not sent: the network refused it ({ $reason }).
e-req-limit = Files and voice messages can be sent once { $name } accepts.
e-att-size = That file is larger than 10 MB.
e-att-count = You can send at most 32 items at once.
e-att-type = That kind of file cannot be sent.
e-att-meta = Hidden details could not be removed from this file, so it was not sent.
e-att-up = Upload failed.
e-att-down = Could not download.
e-att-gone = This file is no longer on the server. Ask { $name } to send it again.
e-att-save = The file could not be saved.
e-lock-fail = Not recognised.
e-mic-denied = { -app } may not use the microphone. Allow it in the phone's settings.
e-voice-rec = Recording failed.
e-voice-play = This voice message cannot be played.
e-text-long = Shorten it by { $n ->
    [one] { $n } character.
   *[other] { $n } characters.
}
e-text-empty = Write something first.
e-del-fail = Could not be deleted for everyone yet. We keep trying.
e-backup-pass = Wrong backup passphrase, or the file is damaged.
e-backup-other = This backup belongs to another account.
e-proxy = The proxy did not answer. Nothing was sent around it.
e-backup-space = Not enough space: { $n } MB needed.
e-move-net = This device is not in a local network, or may not use it. Connect both devices to the same Wi-Fi, or move your history through a file.
e-move-address = That is not an address in your local network. Type it as the other device shows it.
e-move-nobody = Your other device was not found. Connect both to the same Wi-Fi, or type its address.
e-move-reach = No device is waiting at that address. Check it, and keep the screen open on the other device.
e-move-other = That device does not have your account.
e-move-version = The two devices have different versions of { -app }. Update both, then try again.
e-move-time = The code was not confirmed in time.
e-move-code = The codes were not the same, so nothing was moved. If you did not expect that, do not try again in this network: move your history through a file.
e-move-ended = The other device ended it.
e-move-space = The other device does not have enough space.
e-move-broken = The connection broke off. Nothing is lost. Start again on both devices.
e-cancelled = Cancelled.
e-sync = Some settings are not yet on your other devices.
e-clear-net = { $m ->
    [0] No relay confirmed. Your data may stay there up to 14 days.
   *[other] { $n } of { $m } relays did not confirm. Your data may stay there up to 14 days.
}
e-decrypt = A message could not be read. Ask the sender to send it again.
e-clock = The phone's clock is wrong by { $n ->
    [one] { $n } minute.
   *[other] { $n } minutes.
} Messages may fail until it is corrected.
e-disk = The phone is almost full. New messages may not be saved.
e-store = Your messages could not be opened.
e-keyring = This phone no longer has the key to your messages. Restore with your recovery phrase or a backup.
e-passphrase-needed = { -app } needs your passphrase to open your messages.
e-passphrase-wrong = That passphrase does not open your messages.
e-no-account = There is no account on this phone.
e-account-exists = There already is an account on this phone.
e-not-found = That is no longer there.
e-blocked = You blocked this contact. Unblock them to write.
e-profile = The network description could not be read ({ $reason }).
e-share-noacc = Create an account in { -app } first.
e-share-types = Only photos and videos can be shared together. Send other files one at a time.
e-bad-command = Something went wrong (E-BAD-COMMAND).
e-unknown = Something went wrong ({ $code }).

# Shown when the UI itself has broken.
broken-title = Something went wrong
broken-body = This is a mistake of the app. Your messages are safe on this device. Start again to go on.
broken-again = Start again

# Files of messages.
comp-attach = Attach
att-media = Photos and videos
att-file = File
att-preview = Send files
att-caption = Caption
att-original = Original quality
att-original-help = Pictures keep all their pixels. What they tell of place and camera is removed all the same.
att-reading = Getting the files ready…
att-remove = Remove { $name }
att-refused = That cannot be sent
att-open-image = Photo. Open
att-viewer = Photo
att-save = Save
att-saved = Saved to downloads as { $name }.
att-save-note = Other apps can see what you save.
att-waiting = Waiting for network
att-uploading = Uploading { $percent }%
att-downloading = Downloading { $percent }%
att-gone = No longer on the server
att-cancel = Cancel
att-download = Tap to download { $kind }
att-retry = Could not download. Tap to retry
att-trust-title = Download files from { $name } automatically?
att-trust-body = Files can be harmful if you do not trust the sender.
att-trust-always = Download
att-trust-once = Only this one
att-kind-image = Photo
att-kind-video = Video
att-kind-voice = Voice message
att-kind-audio = Audio
att-kind-file = File
size-b = { $n } bytes
size-kb = { $n } kB
size-mb = { $n } MB
size-gb = { $n } GB
film-play = Video. Play
film-broken = This video cannot be played here. Save it to open it with another app.
voice-play = Play
voice-pause = Pause
voice-seek = Position
voice-speed = Speed { $times }×
voice-again = Download again
voice-recording = Recording
voice-opening = One moment…
voice-slide = Slide to cancel
voice-slide-up = Slide up to lock
voice-hold = Hold to record.
voice-full = 5 minutes is the longest. Listen to it and send it.
voice-cancelled = Recording cancelled
voice-delete = Delete recording
voice-stop = Stop recording
voice-send = Send voice message
voice-denied-title = Microphone
comp-mic = Record a voice message
snippet-file = File: { $name }

# Sending on, and the files of a whole conversation.
menu-forward = Forward
forward-title = Forward to
forward-to = Send to { $name }?
forward-other = Somebody else
picker-search = Search people
picker-list = Conversations
picker-nobody = Nobody found.
att-camera = Camera
att-saved-many = { $n ->
    [one] { $n } file saved to downloads.
   *[other] { $n } files saved to downloads.
}
viewer-older = Earlier
viewer-newer = Later
viewer-nearer = Zoom in
viewer-farther = Zoom out
viewer-show = Show in conversation
details-auto = Download files automatically
set-auto-download = Download files automatically
set-auto-download-help = From everyone you accepted. You can choose otherwise for each conversation in its details.
set-autoplay = Autoplay voice notes
set-autoplay-help = When one has ended, the next one plays.
info-length = Length
gallery-title = Media, files and links
gallery-media = Media
gallery-files = Files
gallery-links = Links
gallery-no-media = No photos or videos yet.
gallery-no-files = No files yet.
gallery-no-links = No links yet.
gallery-open = { $kind }, { $day }. Open
gallery-not-here = { $kind }, { $day }, not downloaded. Show in conversation
gallery-facts = { $size } · { $day }
gallery-save = Save { $name }
gallery-month-year = { $month } { $year }
gallery-month-1 = January
gallery-month-2 = February
gallery-month-3 = March
gallery-month-4 = April
gallery-month-5 = May
gallery-month-6 = June
gallery-month-7 = July
gallery-month-8 = August
gallery-month-9 = September
gallery-month-10 = October
gallery-month-11 = November
gallery-month-12 = December

# Backups, exports and what data takes.
data-title = Data
data-backup = Backups
data-now = Back up now
data-now-help = Messages, files, settings and drafts, encrypted. Messages with a disappearing timer are left out.
data-restore = Restore from backup
data-restore-help = Brings back what is missing here. What you deleted stays deleted.
data-export = Export a conversation
data-export-one = Export this conversation
data-export-help = A web page with its files. This copy is not encrypted.
data-running-backup = Backing up…
data-running-restore = Restoring…
data-running-export = Exporting…
data-every = Back up by itself
data-every-never = Never
data-every-day = Daily
data-every-week = Weekly
data-every-folder = To { $folder }. The last two are kept.
data-every-failed = The last backup could not be made: { $reason }
data-every-make = Turn on
data-words-title = Your backup passphrase
data-words-body = Write it down. Without it the backup cannot be opened.
data-words-done = I wrote it down
data-check-body = Type two of the words, to be sure.
data-check-word = Word { $n }
data-check-again = Show the words again
data-where-body = Where should the backup go?
data-where-choose = Choose folder
data-with-account = Include my account
data-with-account-help = The recovery phrase goes into the backup. Whoever opens it then has your account.
data-make = Back up
data-made-title = Backup made
data-made = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
} and { $files ->
    [one] { $files } file
   *[other] { $files } files
} are in { $path }
data-made-not = No backup was made
data-restore-body = Choose the backup file and enter its six words.
data-restore-choose = Choose backup file
data-restore-pass = Backup passphrase
data-restore-ok = Restore
data-brought-title = Restored
data-brought = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
} and { $files ->
    [one] { $files } file
   *[other] { $files } files
} brought back.
data-brought-not = Nothing was restored
move-title = Move history
move-help = All messages and files, to or from your other device
move-body = Open { -app } on both devices, with the same account and in the same network. Both then show a code, so that you know the right two devices are connected.
move-send = Send from this device
move-send-help = Choose this on your old device.
move-receive = Receive on this device
move-receive-help = Choose this on your new device.
move-file = Through a file
move-file-help = Without a network in common: make a backup on the old device, restore it on the new one.
move-waiting = Waiting for your other device
move-waiting-body = There, open this screen and choose “Receive on this device”.
move-addresses = If it does not find this device, type this address there:
move-looking = Looking for your other device
move-looking-body = There, open this screen and choose “Send from this device”.
move-typed = Not found? Type the address that it shows
move-typed-example = 192.168.1.20:40123
move-connect = Connect
move-compare = Do both devices show this code?
move-compare-body = If your other device shows a different code, somebody else may be connected in its place.
move-same = Yes, the same code
move-different = No
move-confirmed = Confirmed here. Now confirm on your other device.
move-sending = Sending…
move-receiving = Receiving…
move-storing = Putting everything in its place…
move-storing-there = Sent. Your other device puts everything in its place…
move-stay = Keep both devices open and in the same network.
move-done = Done
move-sent = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
} and { $files ->
    [one] { $files } file
   *[other] { $files } files
} sent.
move-received = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
} and { $files ->
    [one] { $files } file
   *[other] { $files } files
} came.
move-received-body = What you already had, or had deleted here, stays as it was.
move-failed = That did not work
data-export-title = Export the conversation with { $name }?
data-export-body = This copy is not encrypted. Anyone who gets it can read it.
data-export-ok = Export
data-exported-title = Exported
data-exported = The copy is in { $path }
data-exported-not = Nothing was exported
restore-backup = Restore from a backup
home-disk-open = Free up space
home-backup = The last backup could not be made.
home-backup-open = Open
space-title = Storage use
space-left = { $size } free on this phone
space-empty = Nothing is stored yet.
space-facts = { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
}, { $files ->
    [one] { $files } file
   *[other] { $files } files
}
space-free = Free up space
space-files = Files ({ $size })
space-older-month = Messages older than a month
space-older-half = Messages older than six months
space-older-year = Messages older than a year
space-sure = Free up space in { $name }?
space-files-body = The files are removed from this phone. Their messages stay. They can be downloaded again for as long as the server keeps them.
space-older-body = These messages and their files are removed from this phone only. They do not come back.
space-ok = Remove
space-freed = { $size } freed
space-trimmed = { $n ->
    [one] { $n } message removed
   *[other] { $n } messages removed
}

## Clear data
erase-title = Clear data
erase-device = This phone only
erase-network = This phone and the network
erase-device-title = Clear this phone?
erase-device-body = Your account stays on the network and on other devices. You need your recovery phrase to come back.
erase-network-title = Delete everything?
erase-network-body = Messages and contacts stored on the network are deleted. This cannot be undone.
erase-phrase-hidden = This phone can no longer show your phrase. Continue only if you have it written down.
erase-ok = Clear
erase-clearing = Clearing…
erase-unconfirmed = Not everything was deleted
erase-anyway = Clear this phone anyway

## Recovery phrase, hidden
rec-hide = Hide on this device
rec-hide-title = Hide the recovery phrase?
rec-hide-body = You will not be able to see it on this device again. Make sure it is written down.
rec-hide-ok = Hide
rec-certain = Are you certain?

## Devices
dev-title = Devices
dev-this = This device
dev-others = Other devices
dev-linux = Linux computer
dev-mac = Mac
dev-windows = Windows computer
dev-android = Android phone
dev-iphone = iPhone
dev-created = Account created here: { $time }
dev-restored = Account restored here: { $time }
dev-parts = Settings that your devices share
dev-in-step = In step
dev-waiting = { $n ->
    [one] { $n } change waiting
   *[other] { $n } changes waiting
}
dev-last = Last: { $time }
dev-never = Not yet
dev-sync = Sync now
dev-syncing = Syncing…
dev-link = Link another device
dev-link-help = Use this account on a second phone or computer.
dev-link-1 = Install { -app } on the other device and open it.
dev-link-2 = Choose “I have an account”.
dev-link-3 = Scan this code there, or type the 13 words of your recovery phrase.
dev-link-written = Use your written phrase on the new device.
dev-note = The network keeps no list of your devices. Anyone with the recovery phrase can be one.
part-profile = Profile
part-contacts = Contacts
part-conversations = Conversations
part-groups = Groups and communities
part-groups-only = Groups
part-communities = Communities
part-read-marks = What you have read
part-messages = Messages of the last 14 days

## After a restore
scan-camera = To scan the code, { -app } needs the camera.
scan-camera-allow = Allow camera
scan-denied-title = No camera
scan-view = What the camera sees
scan-picture = Choose or paste a picture of the code that your other device shows in Settings > Devices.
scan-choose = Choose a picture
scan-looking = Looking…
restore-settings-found = Your earlier settings were found and restored.
restored-title = Restored
restored-counts = Restored: { $contacts ->
    [one] { $contacts } contact
   *[other] { $contacts } contacts
}, { $groups ->
    [one] { $groups } group
   *[other] { $groups } groups
}, { $communities ->
    [one] { $communities } community
   *[other] { $communities } communities
}, messages from the last 14 days.
restored-messages = { $n ->
    [one] { $n } message so far
   *[other] { $n } messages so far
}
restored-older = Older messages stay only on the device they are on. To bring them here, use Move history on that device.
restored-what = What was not found?
restored-dismiss = Do not show this again
restored-found = Found
restored-empty = Empty
restored-looking = Still looking
