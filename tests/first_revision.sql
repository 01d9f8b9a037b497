-- One row in every table that a later revision alters, as the first revision knew them.
INSERT INTO people (name, phone, same, phone_hash, phone_tail_hash, created_at)
  VALUES ('n', 'p', '00000000000000000000000000000000', '00000000000000000000000000000000', '00000000000000000000000000000000', '2027-02-08 01:00:00');
INSERT INTO contacts (channel, address, person, language, created_at)
  VALUES ('web', 'a', 1, 'zh-CN', '2027-02-08 01:00:00');
INSERT INTO registrations (number, person, contact, channel, area, direction, undecided, origin, origin_town, destination, destination_town, employer, party, status, created_at, changed_at)
  VALUES ('LJ-1', 1, 1, 'web', '450206', 'work', false, '450206', '', '440300', '', '', 1, 'active', '2027-02-08 01:00:00', '2027-02-08 01:00:00');
INSERT INTO trips (code, area, mode, vehicle, seats, cap, destination, destination_town, arrival, escort_name, escort_phone, bring, reminders, status, revision, created_at)
  VALUES ('LJ-0214-1', '450206', 'coach', 'B', 50, 100, '440300', '', '', 'e', 'p', '', '', 'draft', 1, '2027-02-08 01:00:00');
INSERT INTO stops (trip, position, place, departs_at)
  VALUES (1, 1, 'station', '2027-02-08 01:00:00');
INSERT INTO seats (trip, registration, stop, party, created_at)
  VALUES (1, 1, 1, 1, '2027-02-08 01:00:00');
INSERT INTO due (trip, stop, rule, boards_at, due_at, lapses_at, state)
  VALUES (1, 1, 'tomorrow', '2027-02-08 01:00:00', '2027-02-08 01:00:00', '2027-02-08 01:00:00', 'waiting');
INSERT INTO help_requests (contact, area, kind, created_at)
  VALUES (1, '450206', 'person', '2027-02-08 01:00:00');
