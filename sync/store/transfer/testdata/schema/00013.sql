UPDATE lease SET taken = 2;
INSERT INTO notice (id, hold, doc) VALUES (4097, 'all', '{"cards":["aaa"],"rule":"OPS acme/pay","changes":1}'), (4098, '', '{"hint":true,"tracker":"jira"}');
