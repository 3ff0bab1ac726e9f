' Why a cell shows an error of a function above.
Public Function CLV_WHY(Optional cell As Variant) As Variant
    Dim place As String
    On Error GoTo Failed
    CLV_WHY = ""
    If Not IsError(cell.Cells(1, 1).Value) Then Exit Function
    place = cell.Cells(1, 1).Address(External:=True)
    CLV_WHY = TextOf("why_unknown")
    If Not reasons Is Nothing Then
        If reasons.Exists(place) Then CLV_WHY = reasons(place)
    End If
    Exit Function
Failed:
    CLV_WHY = CVErr(xlErrValue)
End Function

' The function wizard calls a function at every key; it must not wait for Python. Excel looks the
' same while a book opens.
Private Function InWizard() As Boolean
    On Error Resume Next
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

' No result yet, which no sum may take for 0; the cell is asked again once Excel is ready.
Private Function NotYet() As Variant
    NotYet = CVErr(xlErrNA)
    Keep TextOf("not_yet"), 0, 0
    On Error Resume Next
    If TypeName(Application.Caller) = "Range" Then AskLater Application.Caller
End Function

' The answer of Python with real errors in place of the texts that stand for them. Going
' backwards leaves the calling cell with the first reason of all.
Private Function Shown(ByVal answered As Variant) As Variant
    Dim rowAt As Long, columnAt As Long
    Select Case Dimensions(answered)
    Case 0
        Shown = ShownCell(answered, 0, 0)
        Exit Function
    Case 1
        For columnAt = UBound(answered) To LBound(answered) Step -1
            answered(columnAt) = ShownCell(answered(columnAt), 0, columnAt - LBound(answered))
        Next columnAt
    Case Else
        For rowAt = UBound(answered, 1) To LBound(answered, 1) Step -1
            For columnAt = UBound(answered, 2) To LBound(answered, 2) Step -1
                answered(rowAt, columnAt) = ShownCell(answered(rowAt, columnAt), _
                    rowAt - LBound(answered, 1), columnAt - LBound(answered, 2))
            Next columnAt
        Next rowAt
    End Select
    Shown = answered
End Function

Private Function Dimensions(ByRef answered As Variant) As Long
    Dim found As Long, bound As Long
    If Not IsArray(answered) Then Exit Function
    On Error Resume Next
    Do
        bound = UBound(answered, found + 1)
        If Err.Number <> 0 Then Exit Do
        found = found + 1
    Loop
    Dimensions = found
End Function

Private Function ShownCell(ByVal cell As Variant, ByVal rowAt As Long, ByVal columnAt As Long) As Variant
    Dim codeEnd As Long
    ShownCell = cell
    If VarType(cell) <> vbString Then Exit Function
    If Left$(cell, 1) <> Chr$(TAG_SIGN) Then Exit Function
    codeEnd = InStr(cell, Chr$(END_SIGN))
    ShownCell = ErrorOf(Mid$(cell, 2, codeEnd - 2))
    Keep Mid$(cell, codeEnd + 1), rowAt, columnAt
End Function

Private Function ErrorOf(ByVal code As String) As Variant
    Select Case code
    Case "#NULL!"
        ErrorOf = CVErr(xlErrNull)
    Case "#DIV/0!"
        ErrorOf = CVErr(xlErrDiv0)
    Case "#REF!"
        ErrorOf = CVErr(xlErrRef)
    Case "#NAME?"
        ErrorOf = CVErr(xlErrName)
    Case "#NUM!"
        ErrorOf = CVErr(xlErrNum)
    Case "#N/A"
        ErrorOf = CVErr(xlErrNA)
    Case Else
        ErrorOf = CVErr(xlErrValue)
    End Select
End Function

' Python did not answer: a real error too, never a text that a sum skips.
Private Function NoAnswer(ByVal reason As String) As Variant
    #If Mac Then
        Keep TextOf("no_functions_on_mac"), 0, 0
    #Else
        Keep Replace(TextOf("no_answer"), "{reason}", reason), 0, 0
    #End If
    NoAnswer = CVErr(xlErrNA)
End Function

' Remember the reason for CLV_WHY, by the cell that shows the error and by the cell that called.
Private Sub Keep(ByVal reason As String, ByVal rowAt As Long, ByVal columnAt As Long)
    Dim caller As Range
    On Error Resume Next
    If TypeName(Application.Caller) <> "Range" Then Exit Sub
    Set caller = Application.Caller.Cells(1, 1)
    If reasons Is Nothing Then Set reasons = CreateObject("Scripting.Dictionary")
    If reasons.Count >= MOST_REASONS Then reasons.RemoveAll
    reasons(caller.Address(External:=True)) = reason
    reasons(caller.Offset(rowAt, columnAt).Address(External:=True)) = reason
End Sub
